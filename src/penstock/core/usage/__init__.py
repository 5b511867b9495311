"""Usage: calls and stored readings, by hour and by key, device, project or customer."""
