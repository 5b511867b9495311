"""Bills and statements over the native API."""
