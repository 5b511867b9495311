"""Re-decodes over the native API."""
