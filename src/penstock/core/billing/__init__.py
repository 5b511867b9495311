"""What an organisation pays: the plan's price, and the devices that reported in the month."""
