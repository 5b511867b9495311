"""The latest values of fields: of a device's latest reading, and of earlier ones for fields that it does not have."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.telemetry.aggregate import Value
from penstock.core.telemetry.fields import pick
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.ids import DeviceId

SEARCHED = 100
"""How many readings are searched for a field that the latest one does not have."""
Latest = dict[str, tuple[Value, int]]
"""By field: its value, and the event time in microseconds."""


async def latest_values(
    telemetry: TelemetryService, actor: Actor, device_id: DeviceId, fields: Sequence[str], span: TimeRange
) -> Latest:
    """The latest values of some fields of a device; a field without a value is not among them."""
    try:
        latest, _ = await telemetry.latest(actor, device_id)
        found: Latest = {}
        if latest is None:
            return found
        _take(latest, fields, found)
        if len(found) < len(fields):
            rows, _ = await telemetry.history(actor, HistoryQuery(device_id=device_id, range=span, limit=SEARCHED))
            for row in rows:
                _take(row, fields, found)
    except DeviceNotFound:  # deleted a moment ago
        return {}
    return found


def _take(reading: Reading, fields: Sequence[str], into: Latest) -> None:
    requested = [field for field in fields if field not in into]
    if not requested:
        return
    payload = msgspec.json.decode(reading.payload)
    for field in requested:
        value = pick(payload, field)
        if value is not None:
            into[field] = value, reading.time_us
