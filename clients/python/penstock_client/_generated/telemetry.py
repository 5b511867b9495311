"""`client.telemetry`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._downloads import AsyncDownload, Download
from .._pages import AsyncPages, Pages
from .._request import Request, joined, new_key, quoted
from ..telemetry import AsyncTelemetryMethods, TelemetryMethods

if TYPE_CHECKING:
    from . import schemas


class Telemetry(TelemetryMethods):
    """Readings: ingestion, latest, history, aggregates, thinned series, exports."""

    def aggregate(
        self,
        device_id: str,
        *,
        bucket: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        timezone: str | None = None,
        fields: str | Sequence[str] | None = None,
        fields_after: str | None = None,
        functions: str | Sequence[str] | None = None,
        empty: bool | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Aggregated:
        """Aggregate the values of sensors in buckets of time.

        Functions: avg, min, max, sum, count, first, last. Buckets: fixed (`10s` … `1d`) or of the calendar (`hour`,
        `day`, `week`, `month`, `quarter`, `year`) in an IANA time zone, correct across daylight-saving changes. Without
        `fields`, all fields of the readings in the range are aggregated, 100 at a time: if `truncated` is true, send
        `next_fields_after` as `fields_after` to get the next.

        Buckets of time. `bucket` is fixed (`10s` … `1d`) or of the calendar (`hour` … `year`) in `timezone`.

        Without `fields`, `fields_after` continues with the fields whose names follow this one.

        Requires the scope `telemetry:read`.

        `device_id`: A device's id (`dev_…`). `bucket`: The length of a bucket. `from_`: Start, included: RFC 3339, or
        epoch seconds or milliseconds. `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now.
        `range`: A length such as `90m`, `24h` or `7d` that ends now or at `to`. `timezone`: An IANA time zone, such as
        `Europe/Brussels`. `fields`: Keys of sensors, separated by commas; by default all sensors. `fields_after`: The
        `next_fields_after` of the previous response, to continue with the fields after it. `functions`: The functions
        to compute, separated by commas. `empty`: Whether buckets without readings are returned.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/telemetry/aggregate",
            query={
                "bucket": bucket,
                "from": from_,
                "to": to,
                "range": range,
                "timezone": timezone,
                "fields": joined(fields),
                "fields_after": fields_after,
                "functions": joined(functions),
                "empty": empty,
            },
            timeout_s=request_timeout,
        )
        answer: schemas.Aggregated = self._call(request)
        return answer

    def export(
        self,
        device_id: str,
        *,
        format: Literal["csv", "ndjson"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        fields: str | Sequence[str] | None = None,
        request_timeout: float | None = None,
    ) -> Download:
        """Export the readings of a device.

        CSV with a column per field of the readings in the range, or NDJSON with a reading per line; oldest first,
        streamed. The headers `X-Range-From` and `X-Range-To` are the range within the plan's retention. Kind and
        channel are only in NDJSON. Without `fields`, readings with more than 10,000 different fields are rejected as
        CSV: name some, or use NDJSON.

        All readings of a range as a file, oldest first.

        Requires the scope `telemetry:read`.

        `device_id`: A device's id (`dev_…`). `format`: The format of the file. `from_`: Start, included: RFC 3339, or
        epoch seconds or milliseconds. `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now.
        `range`: A length such as `90m`, `24h` or `7d` that ends now or at `to`. `fields`: Keys of sensors, separated by
        commas; by default all sensors.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/telemetry/export",
            query={"format": format, "from": from_, "to": to, "range": range, "fields": joined(fields)},
            timeout_s=request_timeout,
        )
        return self._file(request)

    def latest(
        self, device_id: str, *, by: Literal["arrival", "event"] | None = None, request_timeout: float | None = None
    ) -> schemas.Latest:
        """Get the latest reading of a device.

        By event time (when it was measured) or by arrival (when it was received). Null if the device has no reading.

        How to select the latest reading: by `event` (when it was measured) or by `arrival` (when it was received).

        Requires the scope `telemetry:read`.

        `device_id`: A device's id (`dev_…`). `by`: By event time, or by arrival time.
        """
        request = Request(
            "GET", f"/api/v2/devices/{quoted(device_id)}/telemetry/latest", query={"by": by}, timeout_s=request_timeout
        )
        answer: schemas.Latest = self._call(request)
        return answer

    def latest_of_many(
        self, *, devices: str | Sequence[str], by: Literal["arrival", "event"] | None = None, request_timeout: float | None = None
    ) -> schemas.LatestOfMany:
        """Get the latest readings of several devices.

        Up to 100 devices. Those without a reading are left out; so are those that do not exist, because a list of
        devices can be older than the call.

        The devices, separated by commas, and how to select the latest reading of each: by `event` or by `arrival`.

        Requires the scope `telemetry:read`.

        `devices`: Ids of devices, separated by commas; by default all devices. `by`: By event time, or by arrival time.
        """
        request = Request(
            "GET", "/api/v2/telemetry/latest", query={"devices": joined(devices), "by": by}, timeout_s=request_timeout
        )
        answer: schemas.LatestOfMany = self._call(request)
        return answer

    def list(
        self,
        device_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        fields: str | Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Reading]:
        """Get the history of a device.

        By event time; by default the last 24 hours. Readings older than the plan's retention are left out, and `query`
        contains the range that was used.

        The range of readings. `from` and `to` are times, or `range` is a length such as `24h` that ends now or at `to`.

        Requires the scope `telemetry:read`.

        `device_id`: A device's id (`dev_…`). `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds.
        `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `range`: A length such as
        `90m`, `24h` or `7d` that ends now or at `to`. `fields`: Keys of sensors, separated by commas; by default all
        sensors. `order`: Oldest or newest first. `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/telemetry",
            query={
                "from": from_,
                "to": to,
                "range": range,
                "fields": joined(fields),
                "order": order,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_quarantined(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Reading]:
        """List the quarantined readings of all devices.

        Their event time was more than ten minutes in the future at arrival; those of the kind `malformed` could not be
        read. In order of arrival.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `telemetry:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET", "/api/v2/telemetry/quarantined", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_quarantined_of_device(
        self, device_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Reading]:
        """List the quarantined readings of a device.

        Their event time was more than ten minutes in the future at arrival; those of the kind `malformed` could not be
        read. In order of arrival.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `telemetry:read`.

        `device_id`: A device's id (`dev_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/telemetry/quarantined",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def send(
        self, body: Sequence[schemas.ReadingIn], *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.BatchStored:
        """Send readings of many devices.

        A JSON array or NDJSON of up to 10,000 readings and 8 MiB. Each names its device by id, or by any of the
        device's identifiers. `data` can be an array of readings of one device, which counts as that many rows. Invalid
        rows are reported individually and the others are stored: 201 if all were accepted, 207 if some were, 400 if
        none was.

        Requires the scope `telemetry:write`.

        `body`: The body.
        """
        request = Request("POST", "/api/v2/telemetry", body=body, key=idempotency_key or new_key(), timeout_s=request_timeout)
        answer: schemas.BatchStored = self._call(request)
        return answer

    def send_for_device(
        self,
        device_id: str,
        body: schemas.ReadingIn | Sequence[schemas.ReadingIn],
        *,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Stored | schemas.BatchStored:
        """Send readings of one device.

        One reading, or an array of up to 10,000. The `data` of a reading can be an array too, of `{time, data}` or of
        objects with a `time` and values: the response is then that of an array. Called with an API key, or with the
        device's own access token. A 201 means that the readings are on disk. If rows of an array are invalid, the
        response is 207 and lists each of them. Old readings are rate limited: those above the limit are rejected with
        429, or as rows of a 207, with `Retry-After`.

        Requires the scope `telemetry:write`.

        `device_id`: A device's id (`dev_…`). `body`: The body.
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/telemetry",
            body=body,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Stored | schemas.BatchStored = self._call(request)
        return answer

    def thin(
        self,
        device_id: str,
        *,
        field: str,
        points: int | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Thinned:
        """Get the values of a sensor, thinned to a few points.

        Selects measured points (largest triangle three buckets) so that a chart of them looks like a chart of all.

        The sensor, the range and the number of points.

        Requires the scope `telemetry:read`.

        `device_id`: A device's id (`dev_…`). `field`: A sensor's key. `points`: The number of points. `from_`: Start,
        included: RFC 3339, or epoch seconds or milliseconds. `to`: End, excluded: RFC 3339, or epoch seconds or
        milliseconds. By default now. `range`: A length such as `90m`, `24h` or `7d` that ends now or at `to`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/telemetry/thin",
            query={"field": field, "points": points, "from": from_, "to": to, "range": range},
            timeout_s=request_timeout,
        )
        answer: schemas.Thinned = self._call(request)
        return answer


class AsyncTelemetry(AsyncTelemetryMethods):
    """As `Telemetry`, for an event loop."""

    async def aggregate(
        self,
        device_id: str,
        *,
        bucket: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        timezone: str | None = None,
        fields: str | Sequence[str] | None = None,
        fields_after: str | None = None,
        functions: str | Sequence[str] | None = None,
        empty: bool | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Aggregated:
        """Aggregate the values of sensors in buckets of time.

        As `Telemetry.aggregate`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/telemetry/aggregate",
            query={
                "bucket": bucket,
                "from": from_,
                "to": to,
                "range": range,
                "timezone": timezone,
                "fields": joined(fields),
                "fields_after": fields_after,
                "functions": joined(functions),
                "empty": empty,
            },
            timeout_s=request_timeout,
        )
        answer: schemas.Aggregated = await self._call(request)
        return answer

    async def export(
        self,
        device_id: str,
        *,
        format: Literal["csv", "ndjson"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        fields: str | Sequence[str] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncDownload:
        """Export the readings of a device.

        As `Telemetry.export`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/telemetry/export",
            query={"format": format, "from": from_, "to": to, "range": range, "fields": joined(fields)},
            timeout_s=request_timeout,
        )
        return await self._file(request)

    async def latest(
        self, device_id: str, *, by: Literal["arrival", "event"] | None = None, request_timeout: float | None = None
    ) -> schemas.Latest:
        """Get the latest reading of a device.

        As `Telemetry.latest`.
        """
        request = Request(
            "GET", f"/api/v2/devices/{quoted(device_id)}/telemetry/latest", query={"by": by}, timeout_s=request_timeout
        )
        answer: schemas.Latest = await self._call(request)
        return answer

    async def latest_of_many(
        self, *, devices: str | Sequence[str], by: Literal["arrival", "event"] | None = None, request_timeout: float | None = None
    ) -> schemas.LatestOfMany:
        """Get the latest readings of several devices.

        As `Telemetry.latest_of_many`.
        """
        request = Request(
            "GET", "/api/v2/telemetry/latest", query={"devices": joined(devices), "by": by}, timeout_s=request_timeout
        )
        answer: schemas.LatestOfMany = await self._call(request)
        return answer

    def list(
        self,
        device_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        fields: str | Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Reading]:
        """Get the history of a device.

        As `Telemetry.list`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/telemetry",
            query={
                "from": from_,
                "to": to,
                "range": range,
                "fields": joined(fields),
                "order": order,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_quarantined(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Reading]:
        """List the quarantined readings of all devices.

        As `Telemetry.list_quarantined`.
        """
        request = Request(
            "GET", "/api/v2/telemetry/quarantined", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_quarantined_of_device(
        self, device_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Reading]:
        """List the quarantined readings of a device.

        As `Telemetry.list_quarantined_of_device`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/telemetry/quarantined",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def send(
        self, body: Sequence[schemas.ReadingIn], *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.BatchStored:
        """Send readings of many devices.

        As `Telemetry.send`.
        """
        request = Request("POST", "/api/v2/telemetry", body=body, key=idempotency_key or new_key(), timeout_s=request_timeout)
        answer: schemas.BatchStored = await self._call(request)
        return answer

    async def send_for_device(
        self,
        device_id: str,
        body: schemas.ReadingIn | Sequence[schemas.ReadingIn],
        *,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Stored | schemas.BatchStored:
        """Send readings of one device.

        As `Telemetry.send_for_device`.
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/telemetry",
            body=body,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Stored | schemas.BatchStored = await self._call(request)
        return answer

    async def thin(
        self,
        device_id: str,
        *,
        field: str,
        points: int | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Thinned:
        """Get the values of a sensor, thinned to a few points.

        As `Telemetry.thin`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/telemetry/thin",
            query={"field": field, "points": points, "from": from_, "to": to, "range": range},
            timeout_s=request_timeout,
        )
        answer: schemas.Thinned = await self._call(request)
        return answer
