"""Readings over HTTP: the native calls for one device or many, and what device calls of dialects are built over.

These are hot paths, so they are raw ASGI handlers in front of the framework: one dictionary look-up finds them.
"""
