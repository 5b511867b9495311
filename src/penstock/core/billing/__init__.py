"""The bill of an organisation: the plan's price, and the devices that reported in the month."""
