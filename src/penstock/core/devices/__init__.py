"""Devices: the things that send readings, with their identifiers and sensors.

A device belongs to one project of one organisation. It authenticates with an access token, can be found by any of its
identifiers, and has sensors: the named values it reports, declared in advance or discovered in its readings.
"""
