"""What is written by hand for readings: batches, frames, and whole histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Union

from . import frames
from ._pages import AsyncPages, Page, Pages
from ._request import Request, joined, new_key, quoted
from ._resource import AsyncResource, Resource
from .batches import DEFAULT_BYTES, PATH, AsyncBatch, Batch, _Collected
from .errors import ConfigurationInvalid

Moment = Union[str, int, datetime]
PAGE_ROWS = 10_000
"""The most readings that the server returns at once."""


def _history(
    device_id: str, start: Moment | None, end: Moment | None, span: str | None, fields: str | Sequence[str] | None
) -> Request:
    query = {"from": start, "to": end, "range": span, "fields": joined(fields), "order": "asc", "limit": PAGE_ROWS}
    return Request("GET", f"/api/v2/devices/{quoted(device_id)}/telemetry", query=query)


def _fixed(request: Request, first: Page[Any]) -> Request:
    """The request of the second page: of the range of the first, as one that ends now would move."""
    covered = first.answer["query"]
    query = {**(request.query or {}), "from": covered["from"], "to": covered["to"], "range": None, "cursor": first.next_cursor}
    return replace(request, query=query)


def _named(device_id: str | None, device: str | None, device_column: str | None) -> None:
    if sum(one is not None for one in (device_id, device, device_column)) != 1:
        raise ConfigurationInvalid("name the device of the readings by one of device_id, device and device_column")


def _encoded(body: bytes, timeout_s: float | None) -> Request:
    return Request("POST", PATH, body=body, key=new_key(), timeout_s=timeout_s)


def _device(named: str | None) -> dict[str, str]:
    """A device by its id, or by another of its identifiers."""
    if named is None:
        return {}
    return {"device_id" if named.startswith("dev_") else "device": named}


class TelemetryMethods(Resource):
    """Batches, frames and histories."""

    def batch(
        self, *, device_id: str | None = None, max_rows: int = 1_000, max_bytes: int = DEFAULT_BYTES, max_age_s: float = 1.0
    ) -> Batch:
        """A writer that sends readings in batches: when `max_rows` or `max_bytes` wait, and after `max_age_s`.

        `device_id` is the device of readings that name none. Each batch has an idempotency key, so that none is stored twice.
        """
        return Batch(self._transport, _Collected(max_rows, max_bytes, device_id), max_age_s)

    def send_encoded(self, body: bytes, *, request_timeout: float | None = None) -> Any:
        """Send readings that are JSON already: an array, as `send` takes it. For programs that encode many of them faster.

        Returns the outcome as `send` does. A repetition after a lost answer stores nothing twice.
        """
        return self._call(_encoded(body, request_timeout))

    def upload_frame(
        self,
        frame: Any,
        *,
        device_id: str | None = None,
        device: str | None = None,
        device_column: str | None = None,
        time: str | None = "time",
        columns: Sequence[str] | None = None,
        kind: str | None = None,
        channel: str | None = None,
        nested: bool = True,
        batch_rows: int = 5_000,
    ) -> Batch:
        """Send the rows of a frame of pandas or polars (or of an iterable of dictionaries) as readings.

        The device is `device_id`, or `device` (one of its identifiers), or in each row that of `device_column`, by id or
        identifier. `time` is the column of the times, which must have an offset from UTC, or the index; None for readings
        of now. `columns` are the values; by default all others. Missing values are left out, and rows without any. With
        `nested`, a column `a.b` is the value `b` inside `a`.

        Returns the closed batch, with its counts and what was rejected.
        """
        _named(device_id, device, device_column)
        with self.batch(device_id=device_id, max_rows=batch_rows, max_age_s=60.0) as batch:
            for row in frames.rows_of(frame, time=time, device_column=device_column, columns=columns, nested=nested):
                batch.add(row.data, **_device(row.device or device), time=row.time, kind=kind, channel=channel)
        return batch

    def download_history(
        self,
        device_id: str,
        from_: Moment | None = None,
        to: Moment | None = None,
        *,
        range: str | None = None,
        fields: str | Sequence[str] | None = None,
        as_: str = "dicts",
    ) -> Any:
        """All readings of a device in a range, oldest first: as a list of dictionaries, or as a frame of `pandas` or `polars`.

        A frame has the columns `time` (UTC), `seq`, `kind` and `channel`, and one for each value by its path
        (`vibration.rms`). `fields` are the values; by default all. The default range is the last 24 hours.
        """
        frames.check_form(as_)
        request = _history(device_id, from_, to, range, fields)
        page: Page[Any] = Pages[Any](self._transport, request).page()
        readings = page.data
        if page.next_cursor is not None:
            readings = [*readings, *Pages[Any](self._transport, _fixed(request, page))]
        return frames.as_form(readings, as_)


class AsyncTelemetryMethods(AsyncResource):
    """Batches, frames and histories, for an event loop."""

    def batch(
        self, *, device_id: str | None = None, max_rows: int = 1_000, max_bytes: int = DEFAULT_BYTES, max_age_s: float = 1.0
    ) -> AsyncBatch:
        """As `Telemetry.batch`."""
        return AsyncBatch(self._transport, _Collected(max_rows, max_bytes, device_id), max_age_s)

    async def send_encoded(self, body: bytes, *, request_timeout: float | None = None) -> Any:
        """As `Telemetry.send_encoded`."""
        return await self._call(_encoded(body, request_timeout))

    async def upload_frame(
        self,
        frame: Any,
        *,
        device_id: str | None = None,
        device: str | None = None,
        device_column: str | None = None,
        time: str | None = "time",
        columns: Sequence[str] | None = None,
        kind: str | None = None,
        channel: str | None = None,
        nested: bool = True,
        batch_rows: int = 5_000,
    ) -> AsyncBatch:
        """As `Telemetry.upload_frame`."""
        _named(device_id, device, device_column)
        async with self.batch(device_id=device_id, max_rows=batch_rows, max_age_s=60.0) as batch:
            for row in frames.rows_of(frame, time=time, device_column=device_column, columns=columns, nested=nested):
                await batch.add(row.data, **_device(row.device or device), time=row.time, kind=kind, channel=channel)
        return batch

    async def download_history(
        self,
        device_id: str,
        from_: Moment | None = None,
        to: Moment | None = None,
        *,
        range: str | None = None,
        fields: str | Sequence[str] | None = None,
        as_: str = "dicts",
    ) -> Any:
        """As `Telemetry.download_history`."""
        frames.check_form(as_)
        request = _history(device_id, from_, to, range, fields)
        page: Page[Any] = await AsyncPages[Any](self._transport, request).page()
        readings = page.data
        if page.next_cursor is not None:
            readings = [*readings, *[one async for one in AsyncPages[Any](self._transport, _fixed(request, page))]]
        return frames.as_form(readings, as_)
