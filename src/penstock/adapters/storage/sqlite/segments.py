"""The segment files of the reading log, and the connections to them.

One file per UTC day of arrival. The newest is *hot*: the log's writer appends to it. The others are *sealed*: nothing is
appended any longer, although readings can still be purged from them. A segment's sequence numbers are all above its `base_seq`
and below the next segment's.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import structlog

from penstock.adapters.storage.sqlite.connection import StorageUnavailable, connect, schema_version, statements
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import Seq

SEGMENT_SCHEMA = Path(__file__).parent.parent / "segment_schema.sql"
SEGMENT_VERSION = 1
MAX_IDLE_PER_SEGMENT = 2
_log = structlog.get_logger()


class SegmentDamaged(PenstockError):
    """A segment file is damaged."""

    kind, code = Kind.PRECONDITION, "storage.segment_damaged"
    message = "{path} is damaged ({reason}); restore it from a backup, or move it away to continue without that day"


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

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._segments: list[Segment] = []
        self._idle: dict[Path, list[sqlite3.Connection]] = {}
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load the list of segments.

        Raises:
            SegmentDamaged, SegmentTooNew: the first unusable file.
        """
        self.directory.mkdir(mode=0o700, exist_ok=True)
        for path in sorted(self.directory.glob("*.db")):
            self._segments.append(_open(path))

    def create(self, day: str, base_seq: Seq) -> Segment:
        """Create a new, empty, newest segment."""
        path = self.directory / f"{day}.db"
        draft = self.directory / f"{day}.new"
        _remove(draft)  # left by a crash
        connection = connect(draft)
        try:
            connection.executescript(SEGMENT_SCHEMA.read_text("utf-8").format(day=day, base_seq=base_seq))
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
            connection = self._take(segment)
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
            _log.error("segment_unreadable", segment=segment.day, reason=str(error))
            raise StorageUnavailable(reason="a segment of readings cannot be read") from error
        self._release(segment, connection)

    def unlink(self, segment: Segment) -> None:
        """Remove a segment with its file; a query that still reads it is not disturbed."""
        with self._lock:
            self._segments = [other for other in self._segments if other is not segment]
            for connection in self._idle.pop(segment.path, []):
                connection.close()
        # POSIX: open connections keep reading the unlinked file, so they need not be waited for.
        _remove(segment.path)

    def close(self) -> None:
        with self._lock:
            for connections in self._idle.values():
                for connection in connections:
                    connection.close()
            self._idle.clear()

    def _take(self, segment: Segment) -> sqlite3.Connection:
        with self._lock:
            idle = self._idle.get(segment.path)
            if idle:
                return idle.pop()
        connection = connect(segment.path, read_only=True)
        # 1 MiB for each connection: there may be two idle ones per segment, and one segment for each retained day.
        connection.execute("PRAGMA cache_size = -1024")
        return connection

    def _release(self, segment: Segment, connection: sqlite3.Connection) -> None:
        with self._lock:
            idle = self._idle.setdefault(segment.path, [])
            # The segment may have been unlinked while it was read: a connection kept then would hold its disk space forever.
            keep = len(idle) < MAX_IDLE_PER_SEGMENT and any(other is segment for other in self._segments)
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


def _open(path: Path) -> Segment:
    try:
        return _read_segment(path)
    except (sqlite3.DatabaseError, KeyError, UnicodeDecodeError) as error:
        raise SegmentDamaged(path=f"{path.parent.name}/{path.name}", reason=str(error)) from error


def _read_segment(path: Path) -> Segment:
    connection = connect(path)
    try:
        version = schema_version(connection)
        if version > SEGMENT_VERSION:
            raise SegmentTooNew(path=path.name, found=version, known=SEGMENT_VERSION)
        connection.row_factory = sqlite3.Row
        facts = dict(connection.execute(statements()["segment_facts"]).fetchone() or {})
        # Bounds are stored when a segment is sealed. Those of the hot segment, also after a crash, are computed.
        if facts.get("last_seq") is None:
            facts |= dict(connection.execute(statements()["measure_segment"]).fetchone())
        facts.pop("indexed_seq")
        return Segment(path=path, **facts)
    finally:
        connection.close()
