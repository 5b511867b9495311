"""Sign-up over the native API."""
