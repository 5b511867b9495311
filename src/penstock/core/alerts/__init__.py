"""Alerts: conditions that are monitored on devices, and the actions that run when one is raised.

`machine.py` decides from one reading or timer to the next, without storage or a clock. `engine.py` finds the machines that a
reading concerns. The use cases for users and programs are in `service.py` and `occurrences.py`.
"""
