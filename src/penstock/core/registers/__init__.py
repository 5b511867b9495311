"""Registers: what meters count. Devices and their profiles have them; consumption is computed by `core/meters`."""
