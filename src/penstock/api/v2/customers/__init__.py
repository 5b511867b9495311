"""Customers, their residents and placed devices over the native API."""
