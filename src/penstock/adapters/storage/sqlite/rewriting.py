"""Replaces the payloads of stored readings in the file of their day, and moves readings to other event times.

As a purge does, it writes through a connection of its own, in short transactions: in the hot file the log's writer waits for one
of them at most. The number of a reading stays, and its arrival day, and with that its file. A row keeps its
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
from penstock.core.telemetry.store import Replacement
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


def replace_payloads(segment: Segment, org_id: OrgId, payloads: Sequence[Replacement], *, sealed: bool) -> int:
    """Replace payloads in one segment. Returns the number of readings that were found."""
    replaced = 0
    with closing(connect(segment.path)) as connection:
        for start in range(0, len(payloads), REPLACED_AT_ONCE):
            part = {(one.device_id, one.seq): one for one in payloads[start : start + REPLACED_AT_ONCE]}
            replaced += _replace(connection, org_id, part)
        for time_us in {one.time_us for one in payloads if one.time_us is not None}:
            segment.widen(time_us, time_us)
        if sealed:
            # A file of a past day is at rest without a write-ahead log. Without waiting for readers: the next time does it then.
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return replaced


def find_rows(connection: sqlite3.Connection, org_id: OrgId, seqs: Sequence[Seq]) -> sqlite3.Cursor:
    """The rows of readings by their numbers, in the columns of `to_readings`."""
    return connection.execute(statements()["find_readings"], {"org_id": org_id, "seqs": msgspec.json.encode(seqs).decode()})


def _replace(connection: sqlite3.Connection, org_id: OrgId, payloads: Mapping[tuple[DeviceId, Seq], Replacement]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    try:
        rows = find_rows(connection, org_id, [seq for _, seq in payloads]).fetchall()
        params = [_params(row, payloads[row[2], row[0]]) for row in rows if (row[2], row[0]) in payloads and is_sound(row)]
        renamed = [one for one in params if one["dedupe"] is not None]
        connection.executemany(statements()["forget_dedupe"], renamed)
        connection.executemany(statements()["add_dedupe"], renamed)
        connection.executemany(statements()["replace_payload"], params)
        moved = [one for one in params if one["time_us"] != one["earlier_us"]]
        connection.executemany(statements()["move_in_index"], moved)
        connection.executemany(statements()["widen_segment"], moved)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return len(params)


def _params(row: tuple[Any, ...], given: Replacement) -> dict[str, Any]:
    seq, org_id, device_id, earlier_us, delay_us = row[:5]
    time_us = earlier_us if given.time_us is None else given.time_us
    return {
        "org_id": org_id,
        "device_id": device_id,
        "seq": seq,
        "payload": given.payload,
        "flags": with_payload(row, given.payload, time_us),
        "time_us": time_us,
        "earlier_us": earlier_us,
        "delay_us": delay_us + earlier_us - time_us,
        "dedupe": given.dedupe,
    }
