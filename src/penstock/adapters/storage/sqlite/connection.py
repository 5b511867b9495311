"""Opening SQLite files, and running named statements on them from the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import aiosql

from penstock.adapters.storage.fragments import expanded_all
from penstock.kit.errors import Kind, PenstockError

T = TypeVar("T")
Params = Mapping[str, Any]
QUERIES = Path(__file__).parent.parent / "queries"
BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for another process (the command line beside a running server) before it gives up."""


class StorageUnavailable(PenstockError):
    """The control database cannot be written just now: the disk is full or failing, or another process holds it."""

    kind, code = Kind.UNAVAILABLE, "storage.unavailable"
    message = "the database cannot do this now: {reason}"


@cache
def statements() -> dict[str, str]:
    """Every named statement of `queries/` by its name."""
    texts = expanded_all({path.name: path.read_text("utf-8") for path in sorted(QUERIES.glob("*.sql"))})
    queries = aiosql.from_str("\n".join(texts.values()), "sqlite3", mandatory_parameters=False)
    return {name: getattr(queries, name).sql for name in queries.available_queries if not name.endswith("_cursor")}


def connect(path: Path | str, *, read_only: bool = False, synchronous: str = "FULL") -> sqlite3.Connection:
    """A connection in autocommit mode: transactions are begun and ended by statements, never by the driver.

    `synchronous=FULL` makes a commit wait for the disk. With NORMAL a power cut loses the last commits.
    """
    if read_only:
        connection = sqlite3.connect(
            f"{Path(path).absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
    else:
        connection = sqlite3.connect(str(path), timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        # In WAL mode readers and the writer do not wait for one another.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        # Off by default in SQLite, and a setting of the connection, not of the file.
        connection.execute("PRAGMA foreign_keys = ON")
    return connection


def schema_version(connection: sqlite3.Connection) -> int:
    """Which migration a file was last brought to; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def like(text: str | None) -> str | None:
    """A pattern for LIKE that finds a text anywhere, its own wildcards taken as they are."""
    if text is None:
        return None
    # The backslash first: it is what escapes the others.
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


class Session:
    """One connection and the thread it is used from; statements by name."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        connection.row_factory = sqlite3.Row
        self._connection = connection
        self._thread = thread
        self.told = False  # whether the transaction under way added to the outbox

    async def call(self, use: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function on the connection, in its thread.

        Raises:
            StorageUnavailable: the disk is full or fails, the file is damaged, or it stayed locked.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, use, self._connection)
        except sqlite3.IntegrityError:
            raise  # the store says which rule it broke
        except sqlite3.DatabaseError as error:
            raise StorageUnavailable(reason=str(error)) from error

    async def one(self, name: str, params: Params) -> sqlite3.Row | None:
        """The first row of a query."""
        row: sqlite3.Row | None = await self.call(lambda c: c.execute(statements()[name], params).fetchone())
        return row

    async def all(self, name: str, params: Params) -> list[sqlite3.Row]:
        """All rows of a query."""
        return await self.call(lambda c: c.execute(statements()[name], params).fetchall())

    async def run(self, name: str, params: Params) -> int:
        """Execute a statement; how many rows it changed."""
        return await self.call(lambda c: c.execute(statements()[name], params).rowcount)

    async def run_many(self, name: str, rows: Sequence[Params]) -> None:
        """Execute a statement once per row, in one go."""
        await self.call(lambda c: c.executemany(statements()[name], rows))

    def close(self) -> None:
        """End the thread after what is queued, then the connection."""
        self._thread.shutdown(wait=True)
        self._connection.close()
