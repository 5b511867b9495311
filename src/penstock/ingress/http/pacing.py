"""The backfill lane of the ingest calls: old readings wait briefly or are rejected, per device (`core/limits/backfill.py`)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.errors import BackfillPaced
from penstock.core.telemetry.models import NewReading
from penstock.kit.ids import DeviceId


async def pace(lane: BackfillLane, readings: Sequence[NewReading]) -> dict[int, BackfillPaced]:
    """Wait for a request's old readings. Returns an error by index for those that must not be stored now.

    In a request with current readings, old readings pass without a wait and are charged later: live readings are never
    delayed.
    """
    before_us = lane.old_before_us()
    late = [place for place, one in enumerate(readings) if one.time_us is not None and one.time_us < before_us]
    if not late:
        return {}
    by_device: dict[DeviceId, list[int]] = defaultdict(list)
    for place in late:
        by_device[readings[place].device.id].append(place)
    refused: dict[int, BackfillPaced] = {}
    delay_s, waiting_bytes = 0.0, 0
    for device_id, places in by_device.items():
        size_bytes = sum([len(readings[place].payload) for place in places])
        try:
            delay_s = max(delay_s, lane.take(readings[places[0]].device.org_id, device_id, len(places), size_bytes))
        except BackfillPaced as error:
            refused |= dict.fromkeys(places, error)
        else:
            waiting_bytes += size_bytes
    if delay_s and len(late) == len(readings):
        with lane.waiting(waiting_bytes):
            await asyncio.sleep(delay_s)
    return refused
