"""Readings as files: page by page, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

from penstock.api.v2.telemetry.export import Writer, csv_writer, file_writer, ndjson_writer, rows_writer
from penstock.core.telemetry.models import Reading, TimeRange
from penstock.kit.ids import DeviceId, OrgId, Seq
from tests.support.days import NOON_US

COVERED = TimeRange(from_us=0, to_us=NOON_US)


async def batches(*found: Any) -> AsyncIterator[Any]:
    for one in found:
        yield one


def reading(seq: int, payload: bytes) -> Reading:
    return Reading(org_id=OrgId(1), device_id=DeviceId(1), time_us=NOON_US, received_us=NOON_US, payload=payload, seq=Seq(seq))


async def written(writer: Writer) -> tuple[dict[bytes, bytes], list[bytes]]:
    """The head of a response and its pieces; the last one ends it."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await writer(send)
    assert [one.get("more_body", False) for one in sent[1:]] == [True] * (len(sent) - 2) + [False]
    return dict(sent[0]["headers"]), [one["body"] for one in sent[1:]]


async def test_a_column_for_each_field_and_a_piece_for_each_page() -> None:
    pages = batches([reading(1, b'{"t": 1, "door": "=HYPERLINK()"}')], [reading(2, b'{"door": true}')], [])
    headers, pieces = await written(csv_writer(pages, ("t", "door", "-x"), "pump", COVERED))
    assert headers[b"content-disposition"] == b'attachment; filename="pump.csv"'
    assert headers[b"x-range-from"] == b"1970-01-01T00:00:00Z"
    rows = list(csv.reader(io.StringIO(b"".join(pieces).decode())))
    assert rows[0] == ["time", "seq", "t", "door", "'-x"]
    assert [row[1:] for row in rows[1:]] == [["1", "1", "'=HYPERLINK()", ""], ["2", "", "true", ""]]
    assert len(pieces) == 4


async def test_a_file_without_readings_has_its_header() -> None:
    _, pieces = await written(csv_writer(batches(), ("t",), "pump", COVERED))
    assert b"".join(pieces) == b"time,seq,t\r\n"


async def test_a_line_for_each_reading() -> None:
    headers, pieces = await written(
        ndjson_writer(batches([reading(1, b'{"t": 1, "x": 2}'), reading(2, b"{}")]), (), "pump", COVERED)
    )
    assert headers[b"content-type"] == b"application/x-ndjson"
    lines = [json.loads(line) for line in b"".join(pieces).splitlines()]
    assert [(line["seq"], line["data"]) for line in lines] == [(1, {"t": 1, "x": 2}), (2, {})]


async def test_rows_and_whole_files() -> None:
    _, pieces = await written(rows_writer(["a", "b"], batches([["+1", 2]], [[None, False]]), "use", COVERED))
    assert b"".join(pieces) == b"a,b\r\n'+1,2\r\n,false\r\n"
    headers, pieces = await written(file_writer(b"%PDF", b"application/pdf", "bill.pdf"))
    assert (headers[b"content-type"], headers[b"content-disposition"], pieces) == (
        b"application/pdf",
        b'attachment; filename="bill.pdf"',
        [b"%PDF"],
    )
