"""Imports of CSV files over the native API."""
