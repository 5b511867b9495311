"""Readings over the native API."""
