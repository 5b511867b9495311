"""Readings over HTTP: SiliconWit's device call, and the native calls for one device or many.

These are hot paths, so they are raw ASGI handlers in front of the framework: one dictionary look-up finds them.
"""
