"""What the files of a data directory hold, read with nothing but SQLite, and held against what the writers were told."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import msgspec

from .writers import Writer


class _Payload(msgspec.Struct):
    v: str


_decode = msgspec.json.Decoder(_Payload).decode


def segments(data_dir: Path) -> list[Path]:
    """The segment files, oldest first."""
    return sorted((data_dir / "telemetry").glob("*.db"))


def databases(data_dir: Path) -> list[Path]:
    """Every SQLite file of a data directory."""
    return [data_dir / "penstock.db", *segments(data_dir)]


def stored_values(data_dir: Path) -> Counter[str]:
    """How often each value is stored."""
    found: Counter[str] = Counter()
    for path in segments(data_dir):
        with _opened(path) as connection:
            found.update(_decode(payload).v for (payload,) in connection.execute("SELECT payload FROM readings"))
    return found


def count(data_dir: Path) -> int:
    """How many readings are stored."""
    found = 0
    for path in segments(data_dir):
        with _opened(path) as connection:
            found += connection.execute("SELECT count(*) FROM readings").fetchone()[0]
    return found


def damage(data_dir: Path) -> list[str]:
    """What SQLite finds wrong in the files, and what of the indexes does not fit the readings."""
    found = []
    for path in databases(data_dir):
        with _opened(path) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            found += [f"{path.name}: {line}" for line in said if line != "ok"]
    for path in segments(data_dir):
        with _opened(path) as connection:
            found += [f"{path.name}: {name}" for name, query in _INDEX_FAULTS.items() if connection.execute(query).fetchone()[0]]
    return found


_INDEX_FAULTS = {
    "readings that the index by device misses": "SELECT count(*) FROM readings WHERE seq <= (SELECT indexed_seq FROM segment)"
    " AND (device_id, time_us, seq) NOT IN (SELECT device_id, time_us, seq FROM readings_by_device)",
    "index entries without a reading": "SELECT count(*) FROM readings_by_device WHERE seq NOT IN (SELECT seq FROM readings)",
    "dedupe entries without a reading": "SELECT count(*) FROM readings_by_dedupe WHERE seq NOT IN"
    " (SELECT seq FROM readings UNION ALL SELECT seq FROM quarantined)",
}


def faults(writers: Iterable[Writer], stored: Counter[str]) -> dict[str, list[str]]:
    """Values that were acknowledged and are not there, that are there twice, and that nobody sent."""
    writers = list(writers)
    acked = [value for writer in writers for value in writer.acked]
    unanswered = [value for writer in writers if writer.unsure for value in writer.unsure.values]
    others = itertools.chain.from_iterable([*writer.maybe, *writer.refused] for writer in writers)
    sent = {*acked, *unanswered, *others}
    found = {
        "acknowledged, but lost": [value for value in acked if not stored[value]],
        "stored twice": [value for value, times in stored.items() if times > 1],
        "stored, but never sent": [value for value in stored if value not in sent],
    }
    return {name: values for name, values in found.items() if values}


def shown(found: dict[str, list[str]]) -> str:
    """Faults as a reader of a failure wants them."""
    return "; ".join(f"{len(values)} {name}, such as {sorted(values)[:3]}" for name, values in found.items())


def check_stored(data_dir: Path, writers: Iterable[Writer]) -> int:
    """Hold the files against the writers' lists; how many readings are stored."""
    stored = stored_values(data_dir)
    found = faults(writers, stored)
    assert not found, shown(found)
    assert damage(data_dir) == []
    return stored.total()


def _opened(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30))
