"""Organisations and what belongs to them as such: projects, users, API keys and their scopes, the plan.

An organisation is the wall: nothing inside one is visible from another. An API key is a credential for programs; the
device's own credential belongs to `core.devices`.
"""
