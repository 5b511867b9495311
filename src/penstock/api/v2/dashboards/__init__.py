"""Dashboards over the native API."""
