"""Licences: the seats of a project, one per device.

A device takes the oldest free licence of its project when it is made, or gets a new one; when it is deleted the licence is
free again. How many devices there may be is the plan's to say, not the licences'.
"""
