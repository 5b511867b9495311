"""The lines of a chart: readings as they are if they are few, and else aggregated in buckets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.dashboards.options import ChartOptions
from penstock.core.dashboards.resolution import MAX_POINTS, bucket_for
from penstock.core.dashboards.shown import ShownLine
from penstock.core.dashboards.sources import Viewing
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.telemetry.aggregate import Value
from penstock.core.telemetry.fields import pick
from penstock.core.telemetry.models import HistoryQuery, Reading
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import DeviceId

RAW_US = 3600 * SECOND_US
"""The longest range of which readings are shown as they are."""
_OF_MANY = {"sum", "count"}
"""Functions that say nothing about single readings."""
Points = list[tuple[int, Value]]


async def drawn(
    telemetry: TelemetryService, actor: Actor, options: ChartOptions, lines: Sequence[ShownLine], viewing: Viewing
) -> tuple[list[ShownLine], str | None]:
    """The lines with their points, and the bucket; None if the points are readings."""
    by_device: dict[DeviceId, list[ShownLine]] = {}
    for line in lines:
        if line.of.device is not None:
            by_device.setdefault(line.of.device.id, []).append(line)
    found = await _readings(telemetry, actor, options, by_device, viewing)
    name = None
    if found is None:
        name, found = await _aggregates(telemetry, actor, options, by_device, viewing)
    return [msgspec.structs.replace(one, points=found.get(at, [])) for at, one in _numbered(lines)], name


def _numbered(lines: Sequence[ShownLine]) -> list[tuple[tuple[DeviceId, str, str], ShownLine]]:
    return [(_key(one), one) for one in lines]


def _key(line: ShownLine) -> tuple[DeviceId, str, str]:
    return DeviceId(0) if line.of.device is None else line.of.device.id, line.field, line.function


Drawn = dict[tuple[DeviceId, str, str], Points]


async def _readings(
    telemetry: TelemetryService,
    actor: Actor,
    options: ChartOptions,
    by_device: Mapping[DeviceId, list[ShownLine]],
    viewing: Viewing,
) -> Drawn | None:
    """The points of single readings; None if they are too many, or something else is requested."""
    span = viewing.range
    if options.bucket != "auto" or span.to_us - span.from_us > RAW_US or any(one.function in _OF_MANY for one in options.series):
        return None
    found: Drawn = {}
    for device_id, lines in by_device.items():
        try:
            query = HistoryQuery(device_id=device_id, range=span, descending=False, limit=MAX_POINTS + 1)
            rows, _ = await telemetry.history(actor, query)
        except DeviceNotFound:
            continue
        if len(rows) > MAX_POINTS:
            return None
        found |= {_key(line): _points(rows, line.field) for line in lines}
    return found


def _points(rows: Sequence[Reading], field: str) -> Points:
    values = [(row.time_us, pick(msgspec.json.decode(row.payload), field)) for row in rows]
    return [(time_us, value) for time_us, value in values if value is not None]


async def _aggregates(
    telemetry: TelemetryService,
    actor: Actor,
    options: ChartOptions,
    by_device: Mapping[DeviceId, list[ShownLine]],
    viewing: Viewing,
) -> tuple[str, Drawn]:
    name, bucket = bucket_for(viewing.range, options.bucket)
    found: Drawn = {}
    for device_id, lines in by_device.items():
        fields = tuple(dict.fromkeys(one.field for one in lines))
        functions = tuple(dict.fromkeys(one.function for one in lines))
        try:
            rows, _ = await telemetry.aggregate(
                actor, device_id, viewing.range, bucket, viewing.zone, fields, functions, include_empty=False
            )
        except DeviceNotFound:
            continue
        for line in lines:
            values = [(row.start_us, row.values[line.field][line.function]) for row in rows]
            found[_key(line)] = [(time_us, value) for time_us, value in values if value is not None]
    return name, found
