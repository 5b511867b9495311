"""API keys over the native API."""
