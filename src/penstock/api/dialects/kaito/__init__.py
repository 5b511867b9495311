"""Kaito's API, version 1 (`/v1`): the audit log, tokens, SMS and webhooks.

Coverage: docs/surfaces/kaito.md.
Source: surfaces/kaito.md 3 to 5 (the vendor's pages "API" and "Audit"); error bodies are Penstock's, because the vendor documents
none.
"""
