"""Replaces the payloads of stored readings in the file of their day.

As a purge does, it writes through a connection of its own, in short transactions: in the hot file the log's writer waits for one
of them at most. The event time, the number and the dedupe key of a reading stay, so that no index changes. A row keeps its
checksum, which is computed again from the row as it is stored; a damaged row is left as it is.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, TypeVar

import msgspec

from penstock.adapters.storage.sqlite.connection import connect, statements
from penstock.adapters.storage.sqlite.rows import is_sound, with_payload
from penstock.adapters.storage.sqlite.segments import Segment
from penstock.kit.ids import DeviceId, OrgId, Seq

T = TypeVar("T")
REPLACED_AT_ONCE = 1_000
"""Rows of one transaction: few enough that the log's writer does not wait noticeably for the file."""


def by_segment(segments: Sequence[Segment], items: Sequence[T], seq_of: Callable[[T], Seq]) -> Iterator[tuple[Segment, list[T]]]:
    """The items by the segment that holds their readings. A year has hundreds of segments, and a batch is in few of them."""
    ordered = sorted(items, key=seq_of)
    for segment in segments:
        start, end = (bisect_right(ordered, seq, key=seq_of) for seq in (segment.base_seq, segment.last_seq))
        if start < end:
            yield segment, ordered[start:end]


def replace_payloads(segment: Segment, org_id: OrgId, payloads: Sequence[tuple[DeviceId, Seq, bytes]], *, sealed: bool) -> int:
    """Replace payloads in one segment. Returns the number of readings that were found."""
    replaced = 0
    with closing(connect(segment.path)) as connection:
        for start in range(0, len(payloads), REPLACED_AT_ONCE):
            part = {(device_id, seq): payload for device_id, seq, payload in payloads[start : start + REPLACED_AT_ONCE]}
            replaced += _replace(connection, org_id, part)
        if sealed:
            # A file of a past day is at rest without a write-ahead log. Without waiting for readers: the next time does it then.
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return replaced


def find_rows(connection: sqlite3.Connection, org_id: OrgId, seqs: Sequence[Seq]) -> sqlite3.Cursor:
    """The rows of readings by their numbers, in the columns of `to_readings`."""
    return connection.execute(statements()["find_readings"], {"org_id": org_id, "seqs": msgspec.json.encode(seqs).decode()})


def _replace(connection: sqlite3.Connection, org_id: OrgId, payloads: Mapping[tuple[DeviceId, Seq], bytes]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    try:
        rows = find_rows(connection, org_id, [seq for _, seq in payloads]).fetchall()
        params = [_params(row, payloads[row[2], row[0]]) for row in rows if (row[2], row[0]) in payloads and is_sound(row)]
        connection.executemany(statements()["replace_payload"], params)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return len(params)


def _params(row: tuple[Any, ...], payload: bytes) -> dict[str, Any]:
    return {"org_id": row[1], "seq": row[0], "payload": payload, "flags": with_payload(row, payload)}
