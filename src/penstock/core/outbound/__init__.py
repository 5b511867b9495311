"""Calls that the server makes by itself to addresses that others gave it: what may be called, and what such a call is."""
