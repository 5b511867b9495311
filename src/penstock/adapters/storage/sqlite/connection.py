"""Opens SQLite files, and runs named statements on them from the event loop."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

import structlog

from penstock.adapters.storage.fragments import expanded_all
from penstock.adapters.storage.statements import statements_in
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import Prefix, Seq, encode

T = TypeVar("T")
_log = structlog.get_logger()
Params = Mapping[str, Any]
QUERIES = Path(__file__).parent.parent / "queries"
PRIVATE = 0o600
"""The mode of every file with data: only its owner can access it."""
BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for another process, such as the command line, before it fails."""


class StorageUnavailable(PenstockError):
    """The control database is temporarily not writable: the disk is full or failing, or another process locks it."""

    kind, code, of_server = Kind.UNAVAILABLE, "storage.unavailable", True
    message = "the database is unavailable: {reason}"


class ReadingDamaged(PenstockError):
    """A reading in the requested range is damaged on the disk; other ranges can be read."""

    kind, code = Kind.UNAVAILABLE, "storage.reading_damaged"
    message = "reading {reading} is damaged on the disk; restore a backup to read it"


def refuse_damaged(seq: Seq) -> NoReturn:
    """Refuse to show a reading that is not as it was stored.

    Raises:
        ReadingDamaged.
    """
    _log.error("reading_damaged", reading=encode(Prefix.READING, seq))
    raise ReadingDamaged(reading=encode(Prefix.READING, seq))


@cache
def statements() -> dict[str, str]:
    """Every named statement of `queries/` by its name."""
    texts = expanded_all({path.name: path.read_text("utf-8") for path in sorted(QUERIES.glob("*.sql"))})
    return statements_in("\n".join(texts.values()))


def connect(
    path: Path | str, *, read_only: bool = False, immutable: bool = False, synchronous: str = "FULL"
) -> sqlite3.Connection:
    """A connection in autocommit mode: statements start and end transactions, never the driver.

    `synchronous=FULL` makes a commit wait for the disk. With NORMAL a power cut loses the last commits. `immutable` reads a file
    that no one else uses, and neither makes nor needs files next to it: also on a full or read-only disk.
    """
    if read_only or immutable:
        connection = sqlite3.connect(
            f"{Path(path).absolute().as_uri()}?mode=ro{'&immutable=1' if immutable else ''}",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
    else:
        make_private(Path(path))
        connection = sqlite3.connect(str(path), timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        # In WAL mode readers and the writer do not wait for one another.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        # Off by default in SQLite, and set per connection, not per file.
        connection.execute("PRAGMA foreign_keys = ON")
        # What is deleted from a page is overwritten with zeros when the page is written. The build's default may be not to.
        connection.execute("PRAGMA secure_delete = FAST")
    return connection


def make_private(path: Path) -> None:
    """Create a database as a file that only its owner can access, whatever the umask, or make an existing one such a file.

    SQLite gives `-wal` and `-shm` the mode of their database. An existing file is never opened here: closing it again would end
    the locks that SQLite holds on it for the whole process (sqlite.org/howtocorrupt.html, section 2.2).
    """
    with suppress(OSError):  # the one that cannot be created is reported by SQLite
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE))
        return
    for suffix in ("", "-wal", "-shm"):
        file = Path(f"{path}{suffix}")
        with suppress(OSError):  # another user's file, or none
            if stat.S_IMODE(file.stat().st_mode) & ~PRIVATE:
                file.chmod(PRIVATE)


def tidy(path: Path) -> None:
    """Move what is left of a database's write-ahead log into the file, and remove it.

    SQLite does so when the last connection closes, unless that one only reads or the process was killed.
    """
    log = Path(f"{path}-wal")
    if not log.exists():
        return
    try:
        if not log.stat().st_size:  # made by a reader that found the disk full
            log.unlink()
            Path(f"{path}-shm").unlink(missing_ok=True)
        else:
            connect(path).close()
    except (OSError, sqlite3.Error) as error:  # the disk is full: the next start reads the write-ahead log
        _log.info("write_ahead_log_kept", file=path.name, reason=str(error))


def is_of_full_disk(error: sqlite3.Error) -> bool:
    """Whether an error says that the disk is full: also one about a shared-memory file, which SQLite reports as an I/O error."""
    code = getattr(error, "sqlite_errorcode", 0)
    # The low byte of an extended result code is the primary one (sqlite.org/rescode.html).
    return code & 0xFF == sqlite3.SQLITE_FULL or code in (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP)


def schema_version(connection: sqlite3.Connection) -> int:
    """The number of the last migration applied to a file; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def like(text: str | None) -> str | None:
    """A LIKE pattern that finds a text anywhere; wildcards in the text are literal."""
    if text is None:
        return None
    # The backslash first: it escapes the others.
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


class Session:
    """One connection and the thread that uses it; runs statements by name."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        connection.row_factory = sqlite3.Row
        self._connection = connection
        self._thread = thread
        self.has_new_entries = False  # whether the current transaction added to the outbox

    async def call(self, use: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function on the connection, in its thread. A cursor is returned as None.

        Raises:
            StorageUnavailable: the disk is full or failing, the file is damaged, or it stayed locked.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, _used, use, self._connection)
        except sqlite3.IntegrityError:
            raise  # the store reports the violated constraint
        except sqlite3.DatabaseError as error:
            raise StorageUnavailable(reason=str(error)) from error

    async def one(self, name: str, params: Params) -> sqlite3.Row | None:
        """The first row of a query."""
        row: sqlite3.Row | None = await self.call(lambda c: c.execute(statements()[name], params).fetchone())
        return row

    async def one_each(self, name: str, rows: Sequence[Params]) -> list[sqlite3.Row | None]:
        """The first row of a query for each of these parameters, in one call."""
        return await self.call(lambda c: [c.execute(statements()[name], params).fetchone() for params in rows])

    async def all(self, name: str, params: Params) -> list[sqlite3.Row]:
        """All rows of a query."""
        return await self.call(lambda c: c.execute(statements()[name], params).fetchall())

    async def run(self, name: str, params: Params) -> int:
        """Execute a statement. Returns the number of changed rows."""
        return await self.call(lambda c: c.execute(statements()[name], params).rowcount)

    async def run_many(self, name: str, rows: Sequence[Params]) -> None:
        """Execute a statement once per row, in one call."""
        await self.call(lambda c: c.executemany(statements()[name], rows))

    def close(self) -> None:
        """End the thread after the queued calls, then close the connection."""
        self._thread.shutdown(wait=True)
        self._connection.close()


def _used(use: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
    """What a function returns, unless it is a cursor: that ends here, in the thread of its connection.

    The cursor of an `executemany` keeps its prepared statement, which the next call with the same text uses again, and resets it
    when it is freed. In another thread it can do so while that call runs, which then fails, or the one after it
    (`sqlite3.InterfaceError`: API misuse).
    """
    found = use(connection)
    return cast("T", None) if isinstance(found, sqlite3.Cursor) else found
