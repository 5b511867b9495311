"""Organisations and what they own directly: projects, users, API keys and their scopes, the plan.

Nothing inside an organisation is visible from another. An API key is a credential for programs; the device's own credential
belongs to `core.devices`.
"""
