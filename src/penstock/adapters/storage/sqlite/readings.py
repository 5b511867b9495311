"""The reading store: a few threads answer queries about readings from the segments."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import operator
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import structlog

from penstock.adapters.storage.sqlite.connection import StorageUnavailable, connect, refuse_damaged, statements
from penstock.adapters.storage.sqlite.rewriting import by_segment, find_rows, replace_payloads
from penstock.adapters.storage.sqlite.rows import to_readings
from penstock.adapters.storage.sqlite.segments import Segment, SegmentFiles
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.core.telemetry.store import Joined, Replacement
from penstock.kit.clock import MAX_US, format_day
from penstock.kit.conditions import conditions
from penstock.kit.ids import DeviceId, OrgId, Seq

T = TypeVar("T")
_log = structlog.get_logger()
THREADS = 4
SCAN_THREADS = 2
SCAN_ROWS = 20_000
SCAN_BYTES = 32 * 1024 * 1024
"""The size of a chunk's payloads: a reading can have 64 KiB, of which 20,000 would take more than a gigabyte."""
JOINED_ROWS = 1_000
"""How many readings of a device are joined at most: with the largest payloads they take 64 MiB."""
FETCH_ROWS = 500
PURGE_ROWS = 1_000
"""Rows removed per transaction: few enough that the log's writer does not wait noticeably for the file."""
PURGE_PAUSE_S = 0.05
"""The pause between two transactions that remove a device's readings."""
SHRINK_PAGES, SHRINK_SHARE = 64, 0.1
"""A sealed segment with so many free pages, and so large a share of them, is rewritten without them."""


class SqliteReadingStore:
    """Implements `ReadingStore` on segment files."""

    def __init__(self, files: SegmentFiles) -> None:
        self._files = files
        self._threads = ThreadPoolExecutor(THREADS, "log-reader")
        self._purging = threading.Lock()
        self._shrunk: set[Path] = set()

    def close(self) -> None:
        """Wait for running queries, and close."""
        self._threads.shutdown(wait=True)

    async def latest(self, org_id: OrgId, device_id: DeviceId) -> tuple[Reading | None, Reading | None]:
        return await self._run(self._latest, org_id, device_id)

    async def history(self, org_id: OrgId, query: HistoryQuery) -> list[Reading]:
        return await self._run(self._history, org_id, query)

    async def arrived(self, org_id: OrgId, span: TimeRange, after_seq: Seq, limit: int) -> list[Reading]:
        return await self._run(self._arrived, org_id, span, after_seq, limit)

    async def scan(
        self, org_id: OrgId, device_id: DeviceId, span: TimeRange, use: Callable[[list[int], list[bytes]], None]
    ) -> None:
        await self._run(self._scan, org_id, device_id, span, use)

    async def scan_joined(
        self, org_id: OrgId, device_ids: Sequence[DeviceId], span: TimeRange, use: Callable[[Sequence[Joined]], None]
    ) -> None:
        segments = [segment for segment in self._files.all() if segment.overlaps(span.from_us, span.to_us)]
        lock = threading.Lock()

        def use_alone(chunk: Sequence[Joined]) -> None:
            with lock:
                use(chunk)

        # SQLite joins outside the interpreter's lock, so that two threads take half the time.
        parts = [segments[start::SCAN_THREADS] for start in range(SCAN_THREADS)]
        await asyncio.gather(*(self._run(self._scan_joined, part, org_id, device_ids, span, use_alone) for part in parts if part))

    async def scan_uplinks(
        self,
        org_id: OrgId,
        device_ids: Sequence[DeviceId],
        span: TimeRange,
        until_seq: Seq,
        use: Callable[[list[Seq], list[bytes]], None],
    ) -> None:
        await self._run(self._scan_uplinks, org_id, device_ids, span, until_seq, use)

    async def find(self, org_id: OrgId, seqs: Sequence[Seq]) -> list[Reading]:
        return await self._run(self._find, org_id, seqs)

    async def replace_payloads(self, org_id: OrgId, payloads: Sequence[Replacement]) -> int:
        return await self._run(self._replace_payloads, org_id, payloads)

    async def reporting(self, org_id: OrgId, device_ids: Sequence[DeviceId], span: TimeRange) -> set[DeviceId]:
        return await self._run(self._reporting, org_id, device_ids, span)

    async def quarantined(self, org_id: OrgId, device_id: DeviceId | None, limit: int, after_seq: Seq) -> list[Reading]:
        return await self._run(self._quarantined, org_id, device_id, limit, after_seq)

    async def purge_device(self, org_id: OrgId, device_id: DeviceId) -> int:
        params = {"org_id": org_id, "device_id": device_id, "limit": PURGE_ROWS, "after_seq": 0}
        removed = 0
        for segment in self._files.all():
            before = removed
            while found := await self._run(self._purge_some, segment, params):
                removed += found
                # The log's writer gets the file in between, and a stop of the server does not wait for the rest.
                await asyncio.sleep(PURGE_PAUSE_S)
            removed += await self._run(self._purge_rest, segment, params, removed - before)
        return removed

    async def purge_before(self, org_id: OrgId, before_us: int) -> int:
        return await self._run(self._purge_before, org_id, before_us)

    async def drop_segments(self, before_us: int) -> list[str]:
        return await self._run(self._drop_segments, before_us)

    async def shrink(self) -> None:
        await self._run(self._shrink_sealed)

    async def _run(self, use: Callable[..., T], *args: Any) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, use, *args)
        # A payload that is not JSON, in a scan, which looks at no checksums.
        except (sqlite3.DatabaseError, msgspec.DecodeError, UnicodeDecodeError) as error:
            conditions().lasts("segment_unreadable", str(error))
            raise StorageUnavailable(reason="a segment of readings cannot be read") from error

    # The following methods run in the reader threads.

    def _latest(self, org_id: OrgId, device_id: DeviceId) -> tuple[Reading | None, Reading | None]:
        params = {"org_id": org_id, "device_id": device_id}
        by_event: Reading | None = None
        by_arrival: Reading | None = None
        for segment in reversed(self._files.all()):
            # Only the bounds of its event times exclude a segment: because of late readings, an older one may hold the latest
            # event.
            if segment.max_time_us is None or (by_event is not None and segment.max_time_us < by_event.time_us):
                continue
            with self._files.reading(segment) as connection:
                found = _first(connection, "latest_by_event", params)
                if found and (by_event is None or (found.time_us, found.seq) > (by_event.time_us, by_event.seq)):
                    by_event = found
                if found and by_arrival is None:  # newest segment first, so the first hit arrived last
                    by_arrival = _first(connection, "latest_by_arrival", params)
        return by_event, by_arrival

    def _history(self, org_id: OrgId, query: HistoryQuery) -> list[Reading]:
        """Read the segments in the order of their event times, until no other segment can contribute."""
        span, descending = query.range, query.descending
        after = query.after or ((span.to_us, 0) if descending else (span.from_us, 0))
        if descending and after[0] > span.to_us:
            after = (span.to_us, 0)
        if not descending and after[0] < span.from_us:
            after = (span.from_us, 0)
        params = {
            "org_id": org_id,
            "device_id": query.device_id,
            "from_us": span.from_us,
            "to_us": span.to_us,
            "after_us": after[0],
            "after_seq": after[1],
            "limit": query.limit,
        }
        found: list[Reading] = []
        for segment in self._in_order(span, descending):
            # Segments are divided by arrival and overlap by event time. A full page is complete only if no other segment can hold
            # a reading before its end.
            if len(found) >= query.limit and _is_past(segment, found[-1], descending):
                break
            with self._files.reading(segment) as connection:
                name = "history_descending" if descending else "history_ascending"
                rows = to_readings(connection.execute(statements()[name], params), refuse_damaged)
            found = _merge(found, rows, descending, query.limit)
        return found

    def _arrived(self, org_id: OrgId, span: TimeRange, after_seq: Seq, limit: int) -> list[Reading]:
        found: list[Reading] = []
        for segment in self._files.all():
            if segment.last_seq <= after_seq or len(found) >= limit or not segment.overlaps(span.from_us, span.to_us):
                continue
            params = {"org_id": org_id, "seq": after_seq, "from_us": span.from_us, "to_us": span.to_us}
            with self._files.reading(segment) as connection:
                rows = connection.execute(statements()["read_log_of_range"], params | {"limit": limit - len(found)})
                found += to_readings(rows, refuse_damaged)
        return found

    def _in_order(self, span: TimeRange, descending: bool) -> list[Segment]:
        segments = [segment for segment in self._files.all() if segment.overlaps(span.from_us, span.to_us)]
        if descending:
            return sorted(segments, key=lambda segment: segment.max_time_us or 0, reverse=True)
        return sorted(segments, key=lambda segment: segment.min_time_us or 0)

    def _scan(self, org_id: OrgId, device_id: DeviceId, span: TimeRange, use: Callable[[list[int], list[bytes]], None]) -> None:
        params = {"org_id": org_id, "device_id": device_id, "from_us": span.from_us, "to_us": span.to_us}
        for segment in self._files.all():
            if not segment.overlaps(span.from_us, span.to_us):
                continue
            with self._files.reading(segment) as connection:
                for name in ("scan_indexed", "scan_tail"):
                    cursor = connection.execute(statements()[name], params)
                    for rows in _chunks(cursor):
                        times, payloads = zip(*rows, strict=True)
                        use(list(times), list(payloads))

    def _scan_joined(
        self,
        segments: Sequence[Segment],
        org_id: OrgId,
        device_ids: Sequence[DeviceId],
        span: TimeRange,
        use: Callable[[Sequence[Joined]], None],
    ) -> None:
        ids = msgspec.json.encode(device_ids).decode()
        params = {"org_id": org_id, "device_ids": ids, "from_us": span.from_us, "to_us": span.to_us}
        for segment in segments:
            with self._files.reading(segment) as connection:
                for chunk in _joined_chunks(_joined_rows(connection, params)):
                    use(chunk)
                for rows in _chunks(connection.execute(statements()["scan_many_tail"], params)):
                    use(_joined(rows))

    def _scan_uplinks(
        self,
        org_id: OrgId,
        device_ids: Sequence[DeviceId],
        span: TimeRange,
        until_seq: Seq,
        use: Callable[[list[Seq], list[bytes]], None],
    ) -> None:
        ids = msgspec.json.encode(device_ids).decode()
        params = {"org_id": org_id, "device_ids": ids, "from_us": span.from_us, "to_us": span.to_us, "until_seq": until_seq}
        for segment in self._files.all():
            if segment.base_seq >= until_seq or not segment.overlaps(span.from_us, span.to_us):
                continue
            with self._files.reading(segment) as connection:
                for name in ("scan_uplinks_indexed", "scan_uplinks_tail"):
                    for rows in _chunks(connection.execute(statements()[name], params)):
                        seqs, payloads = zip(*rows, strict=True)
                        use(list(seqs), list(payloads))

    def _find(self, org_id: OrgId, seqs: Sequence[Seq]) -> list[Reading]:
        found: list[Reading] = []
        for segment, inside in by_segment(self._files.all(), seqs, lambda seq: seq):
            with self._files.reading(segment) as connection:
                found += to_readings(find_rows(connection, org_id, inside), _leave_out)
        return found

    def _replace_payloads(self, org_id: OrgId, payloads: Sequence[Replacement]) -> int:
        # One at a time with purges: a segment that one of them unlinks must not be opened, which would create it again.
        with self._purging:
            segments = self._files.all()
            return sum(
                replace_payloads(segment, org_id, part, sealed=segment is not segments[-1])
                for segment, part in by_segment(segments, payloads, lambda one: one[1])
            )

    def _reporting(self, org_id: OrgId, device_ids: Sequence[DeviceId], span: TimeRange) -> set[DeviceId]:
        missing = set(device_ids)
        for segment in self._files.all():
            if missing and segment.overlaps(span.from_us, span.to_us):
                ids = msgspec.json.encode(sorted(missing)).decode()
                params = {"org_id": org_id, "device_ids": ids, "from_us": span.from_us, "to_us": span.to_us}
                with self._files.reading(segment) as connection:
                    for name in ("find_reporting", "find_reporting_tail"):
                        missing -= {device_id for (device_id,) in connection.execute(statements()[name], params)}
        return set(device_ids) - missing

    def _quarantined(self, org_id: OrgId, device_id: DeviceId | None, limit: int, after_seq: Seq) -> list[Reading]:
        found: list[Reading] = []
        for segment in self._files.all():
            if segment.last_seq <= after_seq or len(found) >= limit:
                continue
            params = {"org_id": org_id, "device_id": device_id, "seq": after_seq, "limit": limit - len(found)}
            with self._files.reading(segment) as connection:
                found += to_readings(connection.execute(statements()["list_quarantined"], params), refuse_damaged)
        for reading in found:
            reading.quarantined = True
        return found

    def _purge_some(self, segment: Segment, params: dict[str, Any]) -> int:
        with self._purging:
            if self._is_gone(segment):
                return 0
            with closing(_purging_connection(segment)) as connection:
                return _purge_chunk(connection, "find_purgeable_of_device", params)[0]

    def _purge_rest(self, segment: Segment, params: dict[str, Any], before: int) -> int:
        with self._purging:
            return 0 if self._is_gone(segment) else self._purge(segment, "find_purgeable_of_device", params, before)

    def _is_gone(self, segment: Segment) -> bool:
        """Whether a segment was unlinked since it was listed."""
        return segment.path not in {one.path for one in self._files.all()}

    def _purge_before(self, org_id: OrgId, before_us: int) -> int:
        params = {"org_id": org_id, "device_id": None, "limit": PURGE_ROWS}
        # One at a time: a purge that opens a segment which another has just unlinked would leave an empty file with its name.
        with self._purging:
            old = self._sealed_before(before_us)
            removed = sum(self._purge(segment, "find_purgeable_of_organization", params) for segment in old)
            for segment in old:
                if _is_empty(segment):
                    self._files.unlink(segment)
            return removed

    def _drop_segments(self, before_us: int) -> list[str]:
        with self._purging:
            old = self._sealed_before(before_us)
            for segment in old:
                self._files.unlink(segment)
            return [segment.day for segment in old]

    def _purge(self, segment: Segment, find: str, params: dict[str, Any], before: int = 0) -> int:
        """Remove readings from one segment, overwrite them, and return their room to the disk once the segment is sealed.

        `before` have been removed already.
        """
        removed = _purge(segment, find, params)
        if removed or before:
            self._try_to_shrink(segment, sealed=segment is not self._files.all()[-1])
        return removed

    def _shrink_sealed(self) -> None:
        """Return the room of readings that were removed from a segment while it was hot. Each is looked at once."""
        sealed = self._files.all()[:-1]
        for segment in sealed:
            # One at a time, so that a purge does not wait for all.
            with self._purging:
                if segment.path not in self._shrunk and segment in self._files.all():
                    self._try_to_shrink(segment, sealed=True)
        self._shrunk = {segment.path for segment in sealed}

    def _try_to_shrink(self, segment: Segment, *, sealed: bool) -> None:
        try:
            _shrink(segment, sealed=sealed)
            conditions().over("segment_not_shrunk")
        except sqlite3.Error as error:  # the readings are gone; only their room is kept
            conditions().lasts("segment_not_shrunk", str(error))

    def _sealed_before(self, before_us: int) -> list[Segment]:
        before = format_day(before_us)
        return [segment for day, segment in self._files.days()[:-1] if day < before]


def _leave_out(seq: Seq) -> None:
    """A damaged reading is reported when someone reads it for its values."""


def _chunks(cursor: sqlite3.Cursor) -> Iterator[list[Any]]:
    """The rows of a scan in chunks of bounded number and size; the payload is the last column."""
    rows: list[Any] = []
    size_bytes = 0
    while fetched := cursor.fetchmany(FETCH_ROWS):
        rows += fetched
        size_bytes += sum([len(row[-1]) for row in fetched])
        if len(rows) >= SCAN_ROWS or size_bytes >= SCAN_BYTES:
            yield rows
            rows, size_bytes = [], 0
    if rows:
        yield rows


def _joined_rows(connection: sqlite3.Connection, params: dict[str, Any]) -> Iterator[tuple[DeviceId, bytes | None]]:
    """Devices with their indexed readings, joined; those of a device with many of them in parts."""
    counts = connection.execute(statements()["count_of_devices"], params).fetchall()
    sparse = [device_id for device_id, count in counts if 0 < count <= JOINED_ROWS]
    yield from connection.execute(statements()["scan_joined"], params | {"device_ids": msgspec.json.encode(sparse).decode()})
    for device_id in [device_id for device_id, count in counts if count > JOINED_ROWS]:
        of_device = params | {"device_id": device_id}
        rows = connection.execute(statements()["index_of_device"], of_device)
        starts = [*itertools.islice(rows, 0, None, JOINED_ROWS), (params["to_us"], 0)]
        for (from_us, from_seq), (to_us, to_seq) in itertools.pairwise(starts):
            part = {"from_us": from_us, "from_seq": from_seq, "to_us": to_us, "to_seq": to_seq}
            yield from connection.execute(statements()["scan_joined_part"], of_device | part)


def _joined_chunks(rows: Iterable[tuple[DeviceId, bytes | None]]) -> Iterator[list[Joined]]:
    """Joined readings in chunks of bounded number and size."""
    found: list[Joined] = []
    count = size_bytes = 0
    for device_id, joined in rows:
        if joined is None:
            continue
        number, times, payloads = joined.split(b"\n", 2)
        found.append(Joined(device_id, int(number), times, payloads))
        count += found[-1].rows
        size_bytes += len(found[-1].payloads)
        if count >= SCAN_ROWS or size_bytes >= SCAN_BYTES:
            yield found
            found, count, size_bytes = [], 0, 0
    if found:
        yield found


def _joined(rows: list[Any]) -> list[Joined]:
    """Rows of a scan, joined by device."""
    found = []
    for device_id, of_device in itertools.groupby(rows, key=operator.itemgetter(0)):
        some = list(of_device)
        times, payloads = b",".join([b"%d" % row[1] for row in some]), b",".join([row[2] for row in some])
        found.append(Joined(device_id, len(some), times, payloads))
    return found


def _first(connection: sqlite3.Connection, name: str, params: dict[str, Any]) -> Reading | None:
    found = to_readings(connection.execute(statements()[name], params), refuse_damaged)
    return found[0] if found else None


def _is_past(segment: Segment, last: Reading, descending: bool) -> bool:
    """Whether a segment, and all that follow in order, can hold no reading that comes before `last`."""
    if descending:
        return (segment.max_time_us if segment.max_time_us is not None else 0) < last.time_us
    return (segment.min_time_us if segment.min_time_us is not None else MAX_US) > last.time_us


def _merge(first: list[Reading], second: list[Reading], descending: bool, limit: int) -> list[Reading]:
    if not first:
        return second
    merged = heapq.merge(first, second, key=lambda reading: (reading.time_us, reading.seq), reverse=descending)
    return [reading for reading, _ in zip(merged, range(limit), strict=False)]


def _purge(segment: Segment, find: str, params: dict[str, Any]) -> int:
    """Remove readings from one segment in short transactions, together with their index entries."""
    removed = after_seq = 0
    with closing(_purging_connection(segment)) as connection:
        while True:
            found, after_seq = _purge_chunk(connection, find, params | {"after_seq": after_seq})
            removed += found
            if not found:
                return removed + connection.execute(statements()["purge_quarantined"], params).rowcount


def _purging_connection(segment: Segment) -> sqlite3.Connection:
    connection = connect(segment.path)
    # What is removed is overwritten: a page that is free, or partly free, would keep the text of readings.
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _purge_chunk(connection: sqlite3.Connection, find: str, params: dict[str, Any]) -> tuple[int, int]:
    """Remove some readings in one transaction. Returns how many, and the highest sequence number."""
    rows: Sequence[tuple[int, int, int, bytes | None]]
    connection.execute("BEGIN IMMEDIATE")
    rows = connection.execute(statements()[find], params).fetchall()
    _purge_rows(connection, params["org_id"], rows)
    connection.execute("COMMIT")
    return len(rows), max((row[0] for row in rows), default=0)


def _shrink(segment: Segment, *, sealed: bool) -> None:
    """Move a purge from the write-ahead log into the file, which overwrites the readings, and shorten a sealed file.

    The hot one is not shortened: what is appended next uses the free room.
    """
    connection = connect(segment.path)
    try:
        pages, free = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count"))
        if sealed and free >= SHRINK_PAGES and free >= SHRINK_SHARE * pages:
            connection.execute("VACUUM")
        # Without waiting for readers: the next purge, or the stop of the server, does it then.
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _purge_rows(connection: sqlite3.Connection, org_id: OrgId, rows: Sequence[tuple[int, int, int, bytes | None]]) -> None:
    texts = statements()
    connection.executemany(texts["purge_reading"], [{"org_id": org_id, "seq": row[0]} for row in rows])
    connection.executemany(texts["purge_index_entry"], [{"device_id": row[1], "time_us": row[2], "seq": row[0]} for row in rows])
    connection.executemany(
        texts["purge_dedupe_entry"], [{"device_id": row[1], "dedupe": row[3]} for row in rows if row[3] is not None]
    )


def _is_empty(segment: Segment) -> bool:
    connection = connect(segment.path)
    try:
        return not connection.execute(statements()["has_readings"]).fetchone()[0]
    finally:
        connection.close()
