"""Event types over the native API."""
