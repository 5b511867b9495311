"""Pages of meters: consumption, values and settings."""
