"""Checks whether the domain of a mail's sender allows the address that it came from."""
