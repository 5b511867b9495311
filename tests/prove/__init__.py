"""Acknowledged means stored, whatever ends the server: kills, power cuts, full and failing disks. See docs/prove.md."""
