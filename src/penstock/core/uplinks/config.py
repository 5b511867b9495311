"""Settings of uplinks from devices that are not registered."""

from __future__ import annotations

import msgspec


class UplinksConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many unregistered devices and readings of them are stored."""

    max_unregistered_devices: int
    max_unregistered_readings: int
