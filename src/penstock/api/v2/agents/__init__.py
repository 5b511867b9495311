"""Pairing of devices with agents, over the native API."""
