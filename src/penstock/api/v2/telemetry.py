"""Readings out, over the native API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.decoding import path_id, split_list
from penstock.api.v2 import examples, wire
from penstock.api.v2.export import csv_writer, ndjson_writer
from penstock.api.v2.ranges import parse_range
from penstock.api.v2.translate import from_core_range, from_core_reading
from penstock.core.devices.sensors import SensorService
from penstock.core.telemetry.aggregate import FUNCTIONS
from penstock.core.telemetry.buckets import parse_bucket, parse_zone
from penstock.core.telemetry.models import HistoryQuery, Reading
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import Clock, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, Prefix, Seq
from penstock.kit.operation import Example, operation
from penstock.kit.paging import decode_cursor, encode_cursor

TAG = "Telemetry"
PATH = "/api/v2/devices/{device_id}/telemetry"
MAX_FIELDS = 100


class TelemetryEndpoints:
    """Latest, history, aggregates, thinned series, exports, and what was set aside."""

    def __init__(self, telemetry: TelemetryService, sensors: SensorService, clock: Clock) -> None:
        self._telemetry = telemetry
        self._sensors = sensors
        self._clock = clock

    @operation(
        "GET",
        f"{PATH}/latest",
        surface="v2",
        tag=TAG,
        summary="Latest reading of a device",
        description="By event time (when it was measured) or by arrival (when it came in). Null before the first one.",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        query=wire.LatestQuery,
        answer=wire.Latest,
        example=Example(path=examples.DEVICE_PATH, answer={"data": examples.READING}),
    )
    async def latest(self, call: Call[wire.LatestQuery, None]) -> wire.Latest:
        by_event, by_arrival = await self._telemetry.latest(call.actor, _device_id(call))
        reading = by_event if call.query.by == "event" else by_arrival
        return wire.Latest(from_core_reading(reading) if reading else None)

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="History of a device",
        description="By event time, the last 24 hours unless asked otherwise. What lies beyond the plan's retention is left "
        "out, and `query` tells the range that was used.",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        query=wire.HistoryQuery,
        answer=wire.History,
        example=Example(
            path=examples.DEVICE_PATH,
            query={"range": "24h", "limit": "1"},
            answer={"data": [examples.READING], "next_cursor": "WzE3Nzc3MTMzMDQwMDAwMDAsNTFd", "query": examples.RANGE},
        ),
    )
    async def history(self, call: Call[wire.HistoryQuery, None]) -> wire.History:
        wanted = call.query
        fields = split_list(wanted.fields, "fields", MAX_FIELDS)
        query = HistoryQuery(
            device_id=_device_id(call),
            range=parse_range(wanted, self._clock),
            descending=wanted.order == "desc",
            limit=wanted.limit + 1,
            after=decode_cursor(wanted.cursor, tuple[int, int]),
        )
        rows, span = await self._telemetry.history(call.actor, query)
        more = len(rows) > wanted.limit
        rows = rows[: wanted.limit]
        cursor = encode_cursor(rows[-1].time_us, rows[-1].seq) if more else None
        return wire.History([from_core_reading(row, fields) for row in rows], cursor, from_core_range(span))

    @operation(
        "GET",
        f"{PATH}/aggregate",
        surface="v2",
        tag=TAG,
        summary="Values of sensors over buckets of time",
        description="Functions: avg, min, max, sum, count, first, last. Buckets: fixed (`10s` … `1d`) or of the calendar "
        "(`hour`, `day`, `week`, `month`, `quarter`, `year`) in an IANA time zone, right across changes of the clock.",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        query=wire.AggregateQuery,
        answer=wire.Aggregated,
        example=Example(
            path=examples.DEVICE_PATH,
            query={"bucket": "day", "timezone": "Europe/Brussels", "fields": "temperature", "functions": "min,max"},
            answer={
                "data": [
                    {
                        "start": "2026-05-01T22:00:00Z",
                        "end": "2026-05-02T22:00:00Z",
                        "values": {"temperature": {"min": 19.5, "max": 23.25}},
                    }
                ],
                "bucket": "day",
                "timezone": "Europe/Brussels",
                "query": examples.RANGE,
            },
        ),
    )
    async def aggregate(self, call: Call[wire.AggregateQuery, None]) -> wire.Aggregated:
        wanted = call.query
        bucket, zone = parse_bucket(wanted.bucket), parse_zone(wanted.timezone)
        functions = split_list(wanted.functions, "functions", len(FUNCTIONS))
        unknown = [name for name in functions if name not in FUNCTIONS]
        if unknown or not functions:
            raise InvalidInput.field("functions", f"are some of {', '.join(FUNCTIONS)}")
        fields = split_list(wanted.fields, "fields", MAX_FIELDS) or await self._all_fields(call)
        rows, span = await self._telemetry.aggregate(
            call.actor,
            _device_id(call),
            parse_range(wanted, self._clock),
            bucket,
            zone,
            fields,
            functions,
            wanted.empty,
        )
        data = [
            wire.BucketOut(format_time(row.start_us), format_time(row.end_us), row.values)  # type: ignore[arg-type]
            for row in rows
        ]
        return wire.Aggregated(data, wanted.bucket, wanted.timezone, from_core_range(span))

    async def _all_fields(self, call: Call[wire.AggregateQuery, None]) -> tuple[str, ...]:
        page = await self._sensors.list(call.actor, _device_id(call), MAX_FIELDS, None)
        return tuple(sensor.key for sensor in page.items)

    @operation(
        "GET",
        f"{PATH}/thin",
        surface="v2",
        tag=TAG,
        summary="Course of one sensor in a few points",
        description="Chooses measured points (largest triangle three buckets) so that a chart of them looks like the whole.",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        query=wire.ThinQuery,
        answer=wire.Thinned,
        example=Example(
            path=examples.DEVICE_PATH,
            query={"field": "temperature", "points": "200", "range": "7d"},
            answer={
                "data": [{"time": "2026-05-02T09:15:04Z", "value": 21.5}],
                "field": "temperature",
                "query": examples.RANGE,
            },
        ),
    )
    async def thin(self, call: Call[wire.ThinQuery, None]) -> wire.Thinned:
        wanted = call.query
        points, span = await self._telemetry.thin(
            call.actor, _device_id(call), parse_range(wanted, self._clock), wanted.field, wanted.points
        )
        data = [wire.ThinPoint(format_time(time_us), value) for time_us, value in points]
        return wire.Thinned(data, wanted.field, from_core_range(span))

    @operation(
        "GET",
        f"{PATH}/export",
        surface="v2",
        tag=TAG,
        summary="Readings of a device as a file",
        description="CSV with a column per sensor, or NDJSON with a reading per line; oldest first, written as it is read.",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        query=wire.ExportQuery,
        answer=str,
        media_type="text/csv",
        other_media_types=("application/x-ndjson",),
        example=Example(
            path=examples.DEVICE_PATH,
            query={"format": "csv", "range": "7d", "fields": "temperature"},
            answer="time,seq,temperature\r\n2026-05-02T09:15:04Z,51,21.5\r\n",
        ),
    )
    async def export(self, call: Call[wire.ExportQuery, None]) -> Stream:
        wanted = call.query
        fields = split_list(wanted.fields, "fields", 1000)
        if wanted.format == "csv" and not fields:
            fields = await self._every_field(call)
        query = HistoryQuery(device_id=_device_id(call), range=parse_range(wanted, self._clock), descending=False, limit=1)
        await self._telemetry.history(call.actor, query)  # refuses before the first byte of the file
        pages = self._telemetry.export(call.actor, query)
        name = call.path["device_id"]
        return Stream(write=csv_writer(pages, fields, name) if wanted.format == "csv" else ndjson_writer(pages, fields, name))

    async def _every_field(self, call: Call[wire.ExportQuery, None]) -> tuple[str, ...]:
        found: list[str] = []
        cursor = None
        while True:
            page = await self._sensors.list(call.actor, _device_id(call), 1000, cursor)
            found += [sensor.key for sensor in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return tuple(found)

    @operation(
        "GET",
        f"{PATH}/quarantined",
        surface="v2",
        tag=TAG,
        summary="Readings of a device set aside",
        description="Their event time lay more than ten minutes in the future when they arrived. In arrival order.",
        scope="telemetry:read",
        of_project=True,
        query=wire.Page,
        answer=wire.ListOf[wire.Reading],
        example=Example(path=examples.DEVICE_PATH, answer={"data": [], "next_cursor": None}),
    )
    async def quarantined_of_device(self, call: Call[wire.Page, None]) -> wire.ListOf[wire.Reading]:
        return await self._quarantined(call, _device_id(call))

    @operation(
        "GET",
        "/api/v2/telemetry/quarantined",
        surface="v2",
        tag=TAG,
        summary="Readings of all devices set aside",
        description="Their event time lay more than ten minutes in the future when they arrived. In arrival order.",
        scope="telemetry:read",
        query=wire.Page,
        answer=wire.ListOf[wire.Reading],
        example=Example(answer={"data": [], "next_cursor": None}),
    )
    async def quarantined(self, call: Call[wire.Page, None]) -> wire.ListOf[wire.Reading]:
        return await self._quarantined(call, None)

    async def _quarantined(self, call: Call[wire.Page, None], device_id: DeviceId | None) -> wire.ListOf[wire.Reading]:
        after = decode_cursor(call.query.cursor, tuple[int])
        limit = call.query.limit
        rows: Sequence[Reading]
        rows = await self._telemetry.quarantined(call.actor, device_id, limit + 1, Seq(after[0] if after else 0))
        cursor = encode_cursor(rows[limit - 1].seq) if len(rows) > limit else None
        return wire.ListOf([from_core_reading(row) for row in rows[:limit]], cursor)


def _device_id(call: Call[Any, Any]) -> DeviceId:
    return path_id(Prefix.DEVICE, call.path["device_id"])
