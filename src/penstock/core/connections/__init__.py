"""Connections: how readings come in through somebody else's server, a network server's webhook or a broker.

A connection makes no devices. It says who may speak for an organisation's devices, in which form, and how commands go back.
"""
