"""Invoices as files and by mail, and the logo on them, over the native API."""
