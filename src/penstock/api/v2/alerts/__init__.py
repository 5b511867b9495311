"""Alerts and their events over the native API."""
