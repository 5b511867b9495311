"""`penstock import`."""
