"""Devices: the things that report, how they are known, and what they measure.

A device belongs to one project of one organisation. It proves itself with an access token, can be found by any of its
identifiers, and has sensors: the named values it reports, declared beforehand or discovered from its readings.
"""
