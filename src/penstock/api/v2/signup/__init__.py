"""Signing up over the native API."""
