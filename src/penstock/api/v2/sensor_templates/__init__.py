"""Sensor templates over the native API."""
