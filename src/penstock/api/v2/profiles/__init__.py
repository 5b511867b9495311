"""Device profiles over the native API."""
