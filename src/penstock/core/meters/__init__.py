"""Meters: consumption from cumulative readings, balances, leaks. What a meter is stands beside its device."""
