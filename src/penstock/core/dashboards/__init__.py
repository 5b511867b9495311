"""Dashboards: their folders, widgets and share links, and what a widget shows."""
