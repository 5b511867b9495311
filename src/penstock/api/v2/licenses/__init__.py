"""Licences over the native API."""
