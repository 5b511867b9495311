"""Usage: what was called and stored, by hour, by whom."""
