"""Pages of devices."""
