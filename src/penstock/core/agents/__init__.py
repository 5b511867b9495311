"""Agents: programs on devices that keep a connection open. A pair code, shown once, is exchanged for a device-bound token."""
