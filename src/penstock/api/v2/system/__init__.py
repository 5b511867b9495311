"""The server as a whole over the native API."""
