"""The segment files of the reading log, and the connections to them.

One file per UTC day of arrival. The newest is *hot*: the log's writer appends to it. The others are *sealed*: nothing is
appended any longer, although readings can still be purged from them. A segment's sequence numbers are all above its `base_seq`
and below the next segment's.
"""

from __future__ import annotations

import itertools
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import structlog

from penstock.adapters.storage.sqlite.connection import (
    StorageUnavailable,
    connect,
    is_of_full_disk,
    schema_version,
    statements,
    tidy,
)
from penstock.kit.conditions import conditions
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import Seq

SEGMENT_SCHEMA = Path(__file__).parent.parent / "segment_schema.sql"
SEGMENT_VERSION = 1
MAX_IDLE_PER_SEGMENT = 2
_log = structlog.get_logger()
_BOUNDS = threading.Lock()


class SegmentDamaged(PenstockError):
    """A segment file is damaged."""

    kind, code = Kind.PRECONDITION, "storage.segment_damaged"
    message = "{path} is damaged ({reason}); restore it from a backup, or move it away to continue without that day"


class SegmentForeign(PenstockError):
    """A segment file belongs to another data directory."""

    kind, code = Kind.PRECONDITION, "storage.segment_foreign"
    message = "{path} belongs to another data directory; restore the right one from a backup, or move it away"


class SegmentTooNew(PenstockError):
    """A newer program wrote the segment."""

    kind, code = Kind.PRECONDITION, "storage.segment_too_new"
    message = "{path} has schema {found}, but this program supports up to {known}; use the newer program or restore a backup"


class Segment(msgspec.Struct, kw_only=True, eq=False):
    """One segment, as queries use it. The event times are bounds: None while it is empty."""

    day: str
    path: Path
    base_seq: Seq
    last_seq: Seq
    min_time_us: int | None = None
    max_time_us: int | None = None

    def widen(self, low_us: int, high_us: int) -> None:
        """Extend the bounds of the event times. Called by the log's writer and by other threads."""
        with _BOUNDS:
            self.min_time_us = low_us if self.min_time_us is None else min(low_us, self.min_time_us)
            self.max_time_us = high_us if self.max_time_us is None else max(high_us, self.max_time_us)

    def overlaps(self, from_us: int, to_us: int) -> bool:
        """Whether a reading with an event time in [from_us, to_us) can be here."""
        return (
            self.min_time_us is not None
            and self.max_time_us is not None
            and self.min_time_us < to_us
            and self.max_time_us >= from_us
        )


class SegmentFiles:
    """All segments, oldest first, with a pool of read connections. Used from several threads."""

    def __init__(self, directory: Path, server_number: int = 0) -> None:
        """`server_number` is that of the data directory; 0 accepts the segments of any."""
        self.directory = directory
        self._server_number = server_number
        self._segments: list[Segment] = []
        self._idle: dict[Path, list[sqlite3.Connection]] = {}
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load the list of segments.

        Raises:
            SegmentDamaged, SegmentForeign, SegmentTooNew: the first unusable file.
            StorageUnavailable: a file cannot be opened, for example because the disk is full.
        """
        self.directory.mkdir(mode=0o700, exist_ok=True)
        found = [_open(path, self._server_number) for path in sorted(self.directory.glob("*.db"))]
        # Not by their days: a clock that was ahead leaves a day in the future.
        self._segments = sorted(found, key=lambda segment: segment.base_seq)

    def create(self, day: str, base_seq: Seq) -> Segment:
        """Create a new, empty, newest segment."""
        path = self._free_path(day)
        draft = path.with_suffix(".new")
        _remove(draft)  # left by a crash
        connection = connect(draft)
        try:
            facts = {"day": day, "base_seq": base_seq, "server_number": self._server_number}
            connection.executescript(SEGMENT_SCHEMA.read_text("utf-8").format(**facts))
            # Closing would do it too, but does not report it if the disk fails.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
        draft.rename(path)  # a segment exists completely or not at all
        # The file is on disk, but its name is not: a power cut could still remove it, with acknowledged readings.
        _sync_directory(self.directory)
        segment = Segment(day=day, path=path, base_seq=base_seq, last_seq=base_seq)
        with self._lock:
            # Replaced and not changed, so that readers iterate over `all()` without the lock.
            self._segments = [*self._segments, segment]
        return segment

    def _free_path(self, day: str) -> Path:
        """The file for a new segment. A clock that was ahead and is right again can begin a day twice."""
        names = itertools.chain([day], (f"{day}.{number}" for number in itertools.count(2)))
        return next(path for name in names if not (path := self.directory / f"{name}.db").exists())

    def days(self) -> list[tuple[str, Segment]]:
        """All segments with the day by which they are retained: none is later than that of a segment after it."""
        found: list[tuple[str, Segment]] = []
        last = "9999-12-31"
        for segment in reversed(self._segments):
            last = min(last, segment.day)
            found.append((last, segment))
        return found[::-1]

    def all(self) -> list[Segment]:
        """Oldest first. The list is never changed, only replaced."""
        return self._segments

    @contextmanager
    def reading(self, segment: Segment) -> Iterator[sqlite3.Connection]:
        """A read connection inside a read transaction: all its queries see the same state.

        Raises:
            StorageUnavailable: the segment is damaged, or the disk fails.
        """
        try:
            connection, lasts = self._take(segment)
            try:
                # Index and tail are read by two queries. Without one snapshot, indexing in between would hide or duplicate
                # readings.
                connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.close()  # its transaction ends with it, also where a damaged file lets nothing else end it
                raise
        except sqlite3.DatabaseError as error:
            conditions().lasts("segment_unreadable", str(error), segment=segment.day)
            raise StorageUnavailable(reason="a segment of readings cannot be read") from error
        self._release(segment, connection, lasts=lasts)

    def unlink(self, segment: Segment) -> None:
        """Remove a segment with its file; a query that still reads it is not disturbed."""
        with self._lock:
            self._segments = [other for other in self._segments if other is not segment]
            for connection in self._idle.pop(segment.path, []):
                connection.close()
        # POSIX: open connections keep reading the unlinked file, so they need not be waited for.
        _remove(segment.path)

    def close(self) -> None:
        """Close the connections for reading, also those that are returned later, and leave no write-ahead log behind."""
        with self._lock:
            for connections in self._idle.values():
                for connection in connections:
                    connection.close()
            self._idle.clear()
            closed, self._segments = self._segments, []
        for segment in closed:
            tidy(segment.path)

    def _take(self, segment: Segment) -> tuple[sqlite3.Connection, bool]:
        """A connection, and whether it can be used again."""
        with self._lock:
            idle = self._idle.get(segment.path)
            if idle:
                return idle.pop(), True
        connection = connect(segment.path, read_only=True)
        try:
            # 1 MiB for each connection: there may be two idle ones per segment, and one segment for each retained day.
            connection.execute("PRAGMA cache_size = -1024")
            schema_version(connection)  # makes the files next to it
        except sqlite3.Error as error:
            connection.close()
            if not is_of_full_disk(error) or not self._is_at_rest(segment):
                raise
            return connect(segment.path, immutable=True), False
        return connection, True

    def _is_at_rest(self, segment: Segment) -> bool:
        """Whether everything of a segment is in its one file, which no one changes: it can be read without files next to it.

        While the disk is full nothing can be purged from it either.
        """
        log = Path(f"{segment.path}-wal")
        return segment is not self._segments[-1] and not (log.exists() and log.stat().st_size)

    def _release(self, segment: Segment, connection: sqlite3.Connection, *, lasts: bool) -> None:
        with self._lock:
            idle = self._idle.setdefault(segment.path, [])
            # The segment may have been unlinked while it was read: a connection kept then would hold its disk space forever.
            keep = lasts and len(idle) < MAX_IDLE_PER_SEGMENT and any(other is segment for other in self._segments)
            if keep:
                idle.append(connection)
        if not keep:
            connection.close()


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


OF_THE_DISK = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY)
"""Errors for which the file is not to blame: the disk is full, failing or read-only, or another process holds a lock."""


def _open(path: Path, server_number: int) -> Segment:
    name = f"{path.parent.name}/{path.name}"
    try:
        return _read_segment(path, server_number)
    except (sqlite3.DatabaseError, KeyError, UnicodeDecodeError, TypeError, msgspec.ValidationError) as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in OF_THE_DISK:
            raise StorageUnavailable(reason=f"{name}: {error}") from error
        raise SegmentDamaged(path=name, reason=str(error)) from error


def is_foreign(connection: sqlite3.Connection, server_number: int) -> bool:
    """Whether a segment is that of another data directory. One of an older program does not say whose it is."""
    return bool(server_number) and connection.execute("PRAGMA application_id").fetchone()[0] not in (0, server_number)


def _read_segment(path: Path, server_number: int) -> Segment:
    connection = connect(path)
    try:
        if is_foreign(connection, server_number):
            raise SegmentForeign(path=f"{path.parent.name}/{path.name}")
        version = schema_version(connection)
        if version > SEGMENT_VERSION:
            raise SegmentTooNew(path=f"{path.parent.name}/{path.name}", found=version, known=SEGMENT_VERSION)
        connection.row_factory = sqlite3.Row
        facts = dict(connection.execute(statements()["segment_facts"]).fetchone() or {})
        # Bounds are stored when a segment is sealed. Those of the hot segment, also after a crash, are computed.
        if facts.get("last_seq") is None:
            facts |= dict(connection.execute(statements()["measure_segment"]).fetchone())
        facts.pop("indexed_seq")
        return msgspec.convert(facts | {"path": str(path)}, Segment, dec_hook=lambda _, text: Path(text))
    finally:
        connection.close()
