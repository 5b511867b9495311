"""Tariffs: what consumption costs, from when to when, and for whom."""
