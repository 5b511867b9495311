"""Grants of tokens, and requests to read their seeds, over the native API."""
