"""Licences: the device slots of a project.

A new device takes the oldest free licence of its project, or a new one; when it is deleted, the licence is free again. The plan
limits the number of devices, not the licences.
"""
