"""Customers and residents: the clients an organisation measures for, the placement of its devices, and their standing."""
