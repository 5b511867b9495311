"""Customers, their residents and the placement of devices over the native API."""
