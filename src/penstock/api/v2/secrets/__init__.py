"""Secrets over the native API."""
