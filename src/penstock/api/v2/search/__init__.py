"""Search over the native API."""
