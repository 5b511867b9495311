"""When the disk will be full. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from penstock.core.system.models import Day, Disk
from penstock.kit.clock import format_day

DAYS = 14
"""The days that are looked back on."""
MAX_DAYS = 3_650.0
"""Further than this, a forecast says nothing."""


def bytes_per_day(days: Sequence[Day], now_us: int) -> float | None:
    """What was stored per day of the last two weeks, or since the first day. None before a whole day has passed."""
    today = datetime.date.fromisoformat(format_day(now_us))
    past = {datetime.date.fromisoformat(one.day): one.size for one in days if one.day < today.isoformat()}
    if not past:
        return None
    span = min(DAYS, (today - min(past)).days)
    return sum(size for day, size in past.items() if (today - day).days <= span) / span


def days_left(disk: Disk, per_day: float | None) -> float | None:
    """Days until the disk is full; None if nothing is known, or if that is ten years away."""
    if not per_day:
        return None
    left = disk.free / per_day
    return left if left < MAX_DAYS else None
