"""Meters: consumption from cumulative readings, balances, leaks.

The settings of a meter are stored separately from its device.
"""
