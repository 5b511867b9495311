"""Stored readings over the native API."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.decoding import body_id, device_id_of, split_list
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices import examples
from penstock.api.v2.ranges import parse_range
from penstock.api.v2.telemetry import wire
from penstock.api.v2.telemetry.examples import RANGE, READING
from penstock.api.v2.telemetry.export import csv_writer, ndjson_writer
from penstock.api.v2.telemetry.translate import from_core_range, from_core_reading
from penstock.api.v2.wire import ListOf, Page
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.telemetry.aggregate import FUNCTIONS
from penstock.core.telemetry.buckets import parse_bucket, parse_zone
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import Clock, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, Prefix, Seq
from penstock.kit.operation import Example
from penstock.kit.paging import decode_cursor, encode_cursor

MAX_FIELDS = 100
MAX_DEVICES = 100


class TelemetryEndpoints:
    """Latest reading, history, aggregates, thinned series, exports, and quarantined readings."""

    routes = Routes("/api/v2", surface="v2", tag="Telemetry")

    def __init__(self, telemetry: TelemetryService, clock: Clock) -> None:
        self._telemetry = telemetry
        self._clock = clock

    @routes.get(
        "/devices/{device_id}/telemetry/latest",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        of_customer=True,
        example=Example(path=examples.DEVICE_PATH, answer={"data": READING}),
    )
    async def latest(self, call: Call[wire.LatestQuery, None]) -> wire.Latest:
        """Get the latest reading of a device.

        By event time (when it was measured) or by arrival (when it was received). Null if the device has no reading.
        """
        by_event, by_arrival = await self._telemetry.latest(call.actor, device_id_of(call))
        reading = by_event if call.query.by == "event" else by_arrival
        return wire.Latest(from_core_reading(reading) if reading else None)

    @routes.get(
        "/telemetry/latest",
        scope="telemetry:read",
        example=Example(query={"devices": examples.DEVICE_ID}, answer={"data": [READING]}),
    )
    async def latest_of_many(self, call: Call[wire.LatestOfManyQuery, None]) -> wire.LatestOfMany:
        """Get the latest readings of several devices.

        Up to 100 devices. Those without a reading are left out; so are those that do not exist, because a list of devices can be
        older than the call.
        """
        names = split_list(call.query.devices, "devices", MAX_DEVICES)
        ids = dict.fromkeys(body_id(Prefix.DEVICE, name, "devices") for name in names)
        found = [one for device_id in ids for one in [await self._latest_of(call, device_id)] if one is not None]
        return wire.LatestOfMany([from_core_reading(one) for one in found])

    async def _latest_of(self, call: Call[wire.LatestOfManyQuery, None], device_id: DeviceId) -> Reading | None:
        try:
            by_event, by_arrival = await self._telemetry.latest(call.actor, device_id)
        except DeviceNotFound:
            return None
        return by_event if call.query.by == "event" else by_arrival

    @routes.get(
        "/devices/{device_id}/telemetry",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        of_customer=True,
        example=Example(
            path=examples.DEVICE_PATH,
            query={"range": "24h", "limit": "1"},
            answer={"data": [READING], "next_cursor": "WzE3Nzc3MTMzMDQwMDAwMDAsNTFd", "query": RANGE},
        ),
    )
    async def history(self, call: Call[wire.HistoryQuery, None]) -> wire.History:
        """Get the history of a device.

        By event time; by default the last 24 hours. Readings older than the plan's retention are left out, and `query` contains
        the range that was used.
        """
        requested = call.query
        fields = split_list(requested.fields, "fields", MAX_FIELDS)
        query = HistoryQuery(
            device_id=device_id_of(call),
            range=parse_range(requested, self._clock),
            descending=requested.order == "desc",
            # One more than requested shows whether there is a next page.
            limit=requested.limit + 1,
            after=decode_cursor(requested.cursor, tuple[int, int]),
        )
        rows, span = await self._telemetry.history(call.actor, query)
        more = len(rows) > requested.limit
        rows = rows[: requested.limit]
        # Several readings can have one event time; the sequence number orders them.
        cursor = encode_cursor(rows[-1].time_us, rows[-1].seq) if more else None
        return wire.History([from_core_reading(row, fields) for row in rows], cursor, from_core_range(span))

    @routes.get(
        "/devices/{device_id}/telemetry/aggregate",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        of_customer=True,
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
                "query": RANGE,
                "truncated": False,
                "next_fields_after": None,
            },
        ),
    )
    async def aggregate(self, call: Call[wire.AggregateQuery, None]) -> wire.Aggregated:
        """Aggregate the values of sensors in buckets of time.

        Functions: avg, min, max, sum, count, first, last. Buckets: fixed (`10s` … `1d`) or of the calendar (`hour`, `day`,
        `week`, `month`, `quarter`, `year`) in an IANA time zone, correct across daylight-saving changes. Without `fields`, all
        fields of the readings in the range are aggregated, 100 at a time: if `truncated` is true, send `next_fields_after` as
        `fields_after` to get the next.
        """
        query = call.query
        bucket, zone = parse_bucket(query.bucket), parse_zone(query.timezone)
        functions = split_list(query.functions, "functions", len(FUNCTIONS))
        # Checked here and not by the wire struct, because the list is one comma-separated string.
        unknown = [name for name in functions if name not in FUNCTIONS]
        if unknown or not functions:
            raise InvalidInput.field("functions", f"must be some of {', '.join(FUNCTIONS)}")
        span = parse_range(query, self._clock)
        fields = split_list(query.fields, "fields", MAX_FIELDS)
        following = None
        if fields and query.fields_after is not None:
            raise InvalidInput.field("fields_after", "must not be set together with fields")
        if not fields:
            fields, following = await self._fields_after(call, span, query.fields_after)
        rows, effective = await self._telemetry.aggregate(
            call.actor,
            device_id_of(call),
            span,
            bucket,
            zone,
            fields,
            functions,
            query.empty,
        )
        data = [
            wire.BucketOut(format_time(row.start_us), format_time(row.end_us), row.values)  # type: ignore[arg-type]
            for row in rows
        ]
        truncated = following is not None
        return wire.Aggregated(data, query.bucket, query.timezone, from_core_range(effective), truncated, following)

    async def _fields_after(
        self, call: Call[wire.AggregateQuery, None], span: TimeRange, after: str | None
    ) -> tuple[tuple[str, ...], str | None]:
        """The next fields of the readings, and the last of them if there are more."""
        names = await self._telemetry.fields(call.actor, device_id_of(call), span)
        names = names if after is None else names[bisect_right(names, after) :]
        return names[:MAX_FIELDS], names[MAX_FIELDS - 1] if len(names) > MAX_FIELDS else None

    @routes.get(
        "/devices/{device_id}/telemetry/thin",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        of_customer=True,
        example=Example(
            path=examples.DEVICE_PATH,
            query={"field": "temperature", "points": "200", "range": "7d"},
            answer={
                "data": [{"time": "2026-05-02T09:15:04Z", "value": 21.5}],
                "field": "temperature",
                "query": RANGE,
            },
        ),
    )
    async def thin(self, call: Call[wire.ThinQuery, None]) -> wire.Thinned:
        """Get the values of a sensor, thinned to a few points.

        Selects measured points (largest triangle three buckets) so that a chart of them looks like a chart of all.
        """
        query = call.query
        points, span = await self._telemetry.thin(
            call.actor, device_id_of(call), parse_range(query, self._clock), query.field, query.points
        )
        data = [wire.ThinPoint(format_time(time_us), value) for time_us, value in points]
        return wire.Thinned(data, query.field, from_core_range(span))

    @routes.get(
        "/devices/{device_id}/telemetry/export",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        of_customer=True,
        media_type="text/csv",
        other_media_types=("application/x-ndjson",),
        example=Example(
            path=examples.DEVICE_PATH,
            query={"format": "csv", "range": "7d", "fields": "temperature"},
            answer="time,seq,temperature\r\n2026-05-02T09:15:04Z,51,21.5\r\n",
        ),
    )
    async def export(self, call: Call[wire.ExportQuery, None]) -> Stream:
        """Export the readings of a device.

        CSV with a column per field of the readings in the range, or NDJSON with a reading per line; oldest first, streamed. The
        headers `X-Range-From` and `X-Range-To` are the range within the plan's retention. Kind and channel are only in NDJSON.
        Without `fields`, readings with more than 10,000 different fields are rejected as CSV: name some, or use NDJSON.
        """
        requested, device_id = call.query, device_id_of(call)
        fields = split_list(requested.fields, "fields", 1000)
        span = parse_range(requested, self._clock)
        query = HistoryQuery(device_id=device_id, range=span, descending=False, limit=1)
        _, found = await self._telemetry.history(call.actor, query)  # raises errors before the first byte of the file
        last_seq = None
        if requested.format == "csv" and not fields:
            # The header names every column, so the readings are read twice: those that arrive in between are left out.
            last_seq = self._telemetry.last_seq
            fields = await self._telemetry.fields(call.actor, device_id, span, arrays=True)
        pages = self._telemetry.export(call.actor, query, last_seq)
        writer = csv_writer if requested.format == "csv" else ndjson_writer
        return Stream(write=writer(pages, fields, call.path["device_id"], found.effective))

    @routes.get(
        "/devices/{device_id}/telemetry/quarantined",
        scope="telemetry:read",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer={"data": [], "next_cursor": None}),
    )
    async def quarantined_of_device(self, call: Call[Page, None]) -> ListOf[wire.Reading]:
        """List the quarantined readings of a device.

        Their event time was more than ten minutes in the future at arrival; those of the kind `malformed` could not be read.
        In order of arrival.
        """
        return await self._quarantined(call, device_id_of(call))

    @routes.get(
        "/telemetry/quarantined",
        scope="telemetry:read",
        example=Example(answer={"data": [], "next_cursor": None}),
    )
    async def quarantined(self, call: Call[Page, None]) -> ListOf[wire.Reading]:
        """List the quarantined readings of all devices.

        Their event time was more than ten minutes in the future at arrival; those of the kind `malformed` could not be read.
        In order of arrival.
        """
        return await self._quarantined(call, None)

    async def _quarantined(self, call: Call[Page, None], device_id: DeviceId | None) -> ListOf[wire.Reading]:
        # By arrival: the event times of quarantined readings are the ones that are wrong.
        after = decode_cursor(call.query.cursor, tuple[int])
        limit = call.query.limit
        rows: Sequence[Reading]
        rows = await self._telemetry.quarantined(call.actor, device_id, limit + 1, Seq(after[0] if after else 0))
        cursor = encode_cursor(rows[limit - 1].seq) if len(rows) > limit else None
        return ListOf([from_core_reading(row) for row in rows[:limit]], cursor)
