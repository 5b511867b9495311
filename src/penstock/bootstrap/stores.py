"""Opens the stores of a data directory: the control database, the reading log and its segments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import msgspec
import structlog

from penstock import __version__
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.disk import Disk
from penstock.adapters.storage.sqlite.audit import append_for_all
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.adapters.storage.sqlite.identity import check_beginning, identify, processed_seq
from penstock.adapters.storage.sqlite.log import SqliteReadingLog
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, migrate
from penstock.adapters.storage.sqlite.readings import SqliteReadingStore
from penstock.adapters.storage.sqlite.segments import SegmentFiles
from penstock.kit.clock import Clock, format_time
from penstock.kit.ids import Seq
from penstock.settings import Settings

_log = structlog.get_logger()


class Stores(msgspec.Struct, kw_only=True):
    """The open stores of a data directory."""

    database: SqliteDatabase
    files: SegmentFiles
    log: SqliteReadingLog
    store: SqliteReadingStore
    disk: Disk


@contextmanager
def open_stores(data_dir: DataDir, settings: Settings, clock: Clock) -> Iterator[Stores]:
    """Open the stores of a data directory that this process has locked. Called on the event loop.

    Raises:
        DataDirUnusable, SchemaTooNew, SegmentDamaged, SegmentTooNew.
    """
    disk = Disk(data_dir.path)
    disk.make_room()
    database = open_database(data_dir, settings, clock)
    files = SegmentFiles(data_dir.telemetry, identify(data_dir.path, data_dir.pepper()))
    store = SqliteReadingStore(files)
    try:
        files.load()
        log = SqliteReadingLog(files, clock, settings.log, disk)
        log.start()
        _warn_of_missing(data_dir, files, log.last_seq)
        try:
            yield Stores(database=database, files=files, log=log, store=store, disk=disk)
        finally:
            disk.make_room()  # closing moves the write-ahead logs into the files
            log.close()  # before the files: its thread writes the queued readings to them
    finally:
        store.close()
        files.close()
        database.close()
        disk.keep_room()


def _warn_of_missing(data_dir: DataDir, files: SegmentFiles, last_seq: Seq) -> None:
    """Log what a start on an incomplete directory lacks. It starts all the same: a damaged day may have been moved away."""
    gaps = [(before.last_seq, after.base_seq) for before, after in pairwise(files.all())]
    gaps.append((last_seq, processed_seq(data_dir.path)))
    for last, following in gaps:
        if last < following:
            _log.error("readings_missing", from_seq=last + 1, to_seq=following, remedy="restore the segment from a backup")


def note_migration(data_dir: Path, ran: list[str], now_us: int) -> None:
    """Record in every organisation's audit log that the schema was migrated. A new database has no organisations."""
    details = {"migrations": ran, "program_version": __version__}
    append_for_all(data_dir / CONTROL_FILE, "server.migrate", now_us, details)


def open_database(data_dir: DataDir, settings: Settings, clock: Clock) -> SqliteDatabase:
    """Open the control database and migrate its schema.

    Raises:
        DataDirUnusable, SchemaTooNew.
    """
    check_beginning(data_dir.path)
    pepper = data_dir.pepper()
    # The time becomes part of the snapshot's file name, in which a colon would not be portable.
    ran = migrate(data_dir.path, format_time(clock.now_us()).replace(":", ""))
    if ran:
        _log.info("schema_migrated", migrations=ran)
        note_migration(data_dir.path, ran, clock.now_us())
    identify(data_dir.path, pepper)
    synchronous = "FULL" if settings.log.dangerous_durability == "full" else "NORMAL"
    return SqliteDatabase(data_dir.path, pepper, synchronous)
