"""Tariffs over the native API."""
