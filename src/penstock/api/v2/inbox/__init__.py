"""Inboxes over the native API."""
