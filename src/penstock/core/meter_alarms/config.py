"""Settings of the search for alarms of meters."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Days, Seconds


class MeterAlarmsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often meters that reported are looked at, and how long alarms are kept after their end."""

    interval_s: Seconds
    keep_days: Days
