"""Penstock as a client of other brokers."""
