"""Usage and limits over the native API."""
