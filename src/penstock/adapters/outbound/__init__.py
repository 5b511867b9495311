"""The one client for calls that the server makes to addresses that others gave it."""
