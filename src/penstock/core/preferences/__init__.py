"""Preferences: how a person wants to see the console in one organisation."""
