"""Alarms of meters over the native API."""
