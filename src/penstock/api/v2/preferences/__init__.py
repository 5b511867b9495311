"""Preferences over the native API."""
