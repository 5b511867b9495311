"""The organisation and its projects over the native API."""
