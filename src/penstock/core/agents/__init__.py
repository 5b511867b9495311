"""Agents: programs on devices that keep a connection open. A pair code, shown once, becomes a device-bound token."""
