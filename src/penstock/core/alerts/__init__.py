"""Alerts: what is watched on devices, when it counts as wrong, and who is told.

`machine.py` decides, from one reading or timer to the next, without knowing of storage or time; `engine.py` finds what a reading
concerns. What a person or program does with alerts is in `service.py` and `occurrences.py`.
"""
