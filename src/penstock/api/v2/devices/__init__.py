"""Devices, their sensors, connectivity and events over the native API."""
