"""SMS accounts over the native API."""
