"""The keys of the vault over the native API."""
