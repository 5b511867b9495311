"""Payload codecs: JavaScript that makes values of a device's bytes, and bytes of a downlink's values.

A codec belongs to a device profile. Each save is a version that never changes. Where and how scripts run is behind a port:
the core knows only that a call ends, one way or another, and costs nobody else anything.
"""
