"""Invoices over the native API."""
