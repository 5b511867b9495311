"""Payload codecs: JavaScript that decodes a device's bytes into values, and encodes values into the bytes of a downlink.

A codec belongs to a device profile. Each save is a version that never changes. Scripts run behind a port: the core relies only
on
every call ending, and on one call not affecting other organisations.
"""
