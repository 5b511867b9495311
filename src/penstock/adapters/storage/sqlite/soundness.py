"""Finds damage in database files. SQLite's own check finds pages that make no sense, and these ones values that have changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from penstock.adapters.storage.sqlite.connection import connect, schema_version, statements
from penstock.adapters.storage.sqlite.rows import is_sound
from penstock.adapters.storage.sqlite.segments import OF_THE_DISK
from penstock.kit.ids import Prefix, Seq, encode

SHOWN = 3
DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError, KeyError, TypeError, ValueError)
"""The errors that a damaged file can lead to."""


def opened(path: Path, *, in_use: bool) -> sqlite3.Connection:
    """A database to read. One that no server uses is read without making files next to it, also on a read-only disk."""
    alone = not in_use and not Path(f"{path}-wal").exists()
    return connect(path, read_only=True, immutable=alone)


def is_of_disk(error: Exception) -> bool:
    """Whether the disk is to blame for an error, and not the file."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in OF_THE_DISK


def sound_version(connection: sqlite3.Connection) -> int:
    """The schema version of a database that SQLite reports as intact.

    Raises:
        sqlite3.DatabaseError: SQLite reports damage.
    """
    # Not quick_check, which does not compare the indexes with their tables: a turned bit in an indexed value passes it.
    found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if found != "ok":
        raise sqlite3.DatabaseError(" ".join(found.split()))
    return schema_version(connection)


def check_readings(connection: sqlite3.Connection) -> None:
    """Read every reading of a segment, and compare it with its checksum.

    Raises:
        ValueError: readings are damaged, or the indexes do not match them.
    """
    connection.row_factory = None
    damaged = list(islice(_damaged(connection), SHOWN + 1))
    if damaged:
        named = ", ".join(encode(Prefix.READING, seq) for seq in damaged[:SHOWN])
        raise ValueError(f"readings are damaged: {named}{' and others' if len(damaged) > SHOWN else ''}")
    unmatched = connection.execute(statements()["count_unmatched"]).fetchone()[0]
    if unmatched:
        raise ValueError(f"{unmatched} entries of its indexes do not match its readings")


def _damaged(connection: sqlite3.Connection) -> Iterator[Seq]:
    for row in connection.execute(statements()["read_all"]):
        if not is_sound(row) or not _is_json(row[-1]):
            yield Seq(row[0])
    for row in connection.execute(statements()["read_all_quarantined"]):
        # What is malformed is kept as it came, so it may be anything.
        if not is_sound(row):
            yield Seq(row[0])


def _is_json(payload: bytes) -> bool:
    try:
        msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True
