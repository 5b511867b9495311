"""Search: things of an organisation by their names, as far as the caller may see them."""
