"""The device side: calls that carry a device credential, and calls of servers that relay devices."""
