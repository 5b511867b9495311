"""Outgoing calls to addresses that users set: which addresses are allowed, and the form of a call."""
