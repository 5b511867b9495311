"""Sensor templates: names, keys, units and types of common sensors, to declare sensors alike."""
