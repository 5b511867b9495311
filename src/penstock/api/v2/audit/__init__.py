"""The audit log over the native API."""
