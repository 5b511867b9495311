"""Meters over the native API."""
