"""Tokens over the native API."""
