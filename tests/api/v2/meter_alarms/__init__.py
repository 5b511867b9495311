"""Alarms of meters."""
