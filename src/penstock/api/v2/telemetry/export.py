"""Readings as files, written page by page, so that memory does not grow with the file.

The headers of a file say which range it covers, as the plan's retention can shorten the requested one.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec

from penstock.api.shared.cells import cell
from penstock.api.v2.telemetry.translate import from_core_reading
from penstock.core.telemetry.fields import flatten_whole
from penstock.core.telemetry.models import Reading, TimeRange
from penstock.kit.clock import format_time
from penstock.kit.http import Send

Pages = AsyncIterator[list[Reading]]
Writer = Callable[[Send], Awaitable[None]]
_OWN_COLUMNS = ("time", "seq")


def ndjson_writer(pages: Pages, fields: tuple[str, ...], name: str, covered: TimeRange) -> Writer:
    """One reading per line, in the shape of the history."""
    encoder = msgspec.json.Encoder()

    async def write(send: Send) -> None:
        await _start(send, b"application/x-ndjson", f"{name}.ndjson", covered)
        async for rows in pages:
            body = encoder.encode_lines([from_core_reading(row, fields) for row in rows])
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return write


def csv_writer(pages: Pages, fields: tuple[str, ...], name: str, covered: TimeRange) -> Writer:
    """A header line, then one line per reading: time, sequence number, and a column per field. An array is JSON text."""
    columns = [*_OWN_COLUMNS, *(cell(column) for column in columns_of(fields))]

    async def write(send: Send) -> None:
        await _start(send, b"text/csv; charset=utf-8", f"{name}.csv", covered)
        body = _lines([columns])
        async for rows in pages:
            # A page can have millions of cells: a thread does not keep other requests waiting.
            body += await asyncio.to_thread(_lines_of, rows, fields)
            await send({"type": "http.response.body", "body": body, "more_body": True})
            body = b""
        await send({"type": "http.response.body", "body": body})

    return write


def columns_of(fields: tuple[str, ...]) -> list[str]:
    """The names of the columns of fields, all of them different and none like a column of the reading itself."""
    taken = {*_OWN_COLUMNS, *fields}
    columns = []
    for field in fields:
        column = field
        if field in _OWN_COLUMNS:
            while column in taken:
                column = f"data.{column}"
            taken.add(column)
        columns.append(column)
    return columns


def _lines_of(rows: list[Reading], fields: tuple[str, ...]) -> bytes:
    return _lines(_cells_of(row, fields) for row in rows)


def _cells_of(row: Reading, fields: tuple[str, ...]) -> list[object]:
    values = flatten_whole(msgspec.json.decode(row.payload))
    return [format_time(row.time_us), row.seq, *(cell(values.get(field)) for field in fields)]


def rows_writer(header: list[str], batches: AsyncIterator[list[list[object]]], name: str, covered: TimeRange) -> Writer:
    """CSV with a header line, from batches of rows."""

    async def write(send: Send) -> None:
        await _start(send, b"text/csv; charset=utf-8", f"{name}.csv", covered)
        body = _lines([header])
        async for rows in batches:
            body += _lines([cell(value) for value in row] for row in rows)
            await send({"type": "http.response.body", "body": body, "more_body": True})
            body = b""
        await send({"type": "http.response.body", "body": body})

    return write


def file_writer(body: bytes, media_type: bytes, name: str) -> Writer:
    """A file whose bytes are already complete."""

    async def write(send: Send) -> None:
        await _start(send, media_type, name)
        await send({"type": "http.response.body", "body": body})

    return write


def _lines(rows: object) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()


async def _start(send: Send, media_type: bytes, name: str, covered: TimeRange | None = None) -> None:
    headers = [
        (b"content-type", media_type),
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
    ]
    if covered is not None:
        headers.append((b"x-range-from", format_time(covered.from_us).encode()))
        headers.append((b"x-range-to", format_time(covered.to_us).encode()))
    # Without a length: the file is still being read, and is sent in chunks.
    await send({"type": "http.response.start", "status": 200, "headers": headers})
