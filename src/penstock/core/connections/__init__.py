"""Connections: how readings arrive through an external server, by a network server's webhook or from a broker.

A connection does not create devices. It defines which server may report for an organisation's devices, in which form, and how
commands are sent back.
"""
