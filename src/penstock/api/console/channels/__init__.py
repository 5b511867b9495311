"""Pages of chat channels and quiet hours."""
