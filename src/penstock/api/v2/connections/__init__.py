"""Connections over the native API."""
