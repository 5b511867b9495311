"""What `penstock doctor` says about background workers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from penstock.adapters.storage.data_dir import TELEMETRY
from penstock.adapters.storage.sqlite.backlog import count_queues
from penstock.adapters.storage.sqlite.backup import segment_end
from penstock.adapters.storage.sqlite.connection import statements
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.adapters.storage.sqlite.soundness import opened
from penstock.api.system.health import Health
from penstock.workers.backlog import MOST_ROWS
from penstock.workers.observer import CONSUMER


def behind_in(answer: object) -> tuple[bool, str]:
    """Whether a worker of the running server is behind, and which, from the answer of `/ready`."""
    try:
        followers = msgspec.convert(answer, Health).followers
    except msgspec.ValidationError:
        return True, "the running server does not tell; it has another version"
    behind = [f"{name} by {one.seconds:.0f} s{_rows(one.rows)}" for name, one in followers.items() if one.status != "ok"]
    if behind:
        return True, f"behind: {', '.join(behind)}"
    return False, f"{len(followers)} run, and none is behind"


def _rows(rows: int | None) -> str:
    return f" and {_amount(rows)} rows" if rows else ""


def _amount(rows: int) -> str:
    """A number of rows. Queues are not counted further than `MOST_ROWS`."""
    return f"{rows} or more" if rows == MOST_ROWS else str(rows)


def waiting_in(data_dir: Path, now_us: int) -> str:
    """What waits for the workers of a stopped server.

    Raises:
        sqlite3.Error, UnicodeDecodeError: a file cannot be read; the driver cannot decode each text of SQLite about damage.
    """
    with closing(opened(data_dir / CONTROL_FILE, in_use=False)) as connection:
        row = connection.execute(statements()["find_consumer"], {"name": CONSUMER}).fetchone()
        queues = count_queues(connection, now_us, MOST_ROWS)
    waiting = {CONSUMER: max(0, _last_seq(data_dir) - (row[0] if row else 0))}
    waiting |= {name: rows for name, (rows, _) in queues.items()}
    found = [f"{_amount(rows)} rows for {name}" for name, rows in waiting.items() if rows]
    return f"when the server starts: {', '.join(found)}" if found else "nothing waits for them"


def _last_seq(data_dir: Path) -> int:
    return max(map(_end_of, (data_dir / TELEMETRY).glob("*.db")), default=0)


def _end_of(segment: Path) -> int:
    with closing(opened(segment, in_use=False)) as connection:
        connection.row_factory = sqlite3.Row
        # A damaged segment without its description is reported by the check of segments.
        described = connection.execute(statements()["segment_facts"]).fetchone()
        return segment_end(connection) if described else 0
