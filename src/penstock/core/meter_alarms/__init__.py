"""Alarms of meters: water that never stops, bursts, back-flow, frozen counters, low batteries, tampering.

An alarm begins with the reading that shows it and ends with the reading that shows its end, whenever these arrive. It is found
by a worker behind the reading log, so no reading waits for it.
"""
