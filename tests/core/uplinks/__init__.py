"""Uplinks and the devices they are from."""
