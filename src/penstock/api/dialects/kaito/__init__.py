"""Kaito's API, version 1 (`/v1`), as far as it is built: the audit log.

What is served and what is not: docs/surfaces/kaito.md.
Source: surfaces/kaito.md 5 (the vendor's pages "API" and "Audit"); error bodies are ours, as the vendor documents none.
"""
