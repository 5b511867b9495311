"""Settings of uplinks from devices that are not registered."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count, CountFromZero


class UplinksConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many readings an uplink may carry, and how many unregistered devices and readings of them are stored."""

    max_readings: Count
    max_unregistered_devices: CountFromZero
    max_unregistered_readings: Count
