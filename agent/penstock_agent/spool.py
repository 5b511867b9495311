"""Outgoing rows in a file that survives kill and power cut. Called from one thread at a time.

Theory of operation. Readings and reports are in one table with increasing numbers. They are read and sent in order; the
server's acknowledgement removes them. If the readings exceed the limit, the oldest are dropped and counted. One that was sent
may have arrived: if its acknowledgement comes after all, it no longer counts as dropped.

A command is recorded before it starts, and marked when it ends, in the same transaction as its report. So a command is never
started twice, and one that was interrupted by the agent's end is found.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

KEPT_COMMANDS = 10_000
"""Ids of ended commands that are kept; the server's queue has far fewer."""
DROP_PART = 16
"""A full spool drops a sixteenth at a time, as finding the oldest rows costs more than dropping them."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, report INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS commands (id TEXT PRIMARY KEY, begun INTEGER NOT NULL, ended INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Spool:
    """The spool in a folder. `max_bytes` limits the texts of readings, not the file, which is somewhat larger."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        """Open or create the spool.

        Raises:
            OSError, sqlite3.Error: the folder cannot be used.
        """
        self.max_bytes = max_bytes
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / "spool.db"
        self.was_damaged = False
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            # The file is locked or read-only, or the disk is full: the rows in the file are intact and must be kept.
            if isinstance(error, sqlite3.OperationalError):
                raise
            self.was_damaged = True
            # All three: SQLite would otherwise apply the old write-ahead log to the new file.
            for name in ("spool.db", "spool.db-wal", "spool.db-shm"):
                with contextlib.suppress(FileNotFoundError):
                    (folder / name).replace(folder / f"{name}.damaged")
            self._connection = self._open()
        self.name = self._fact("name") or self._set_fact("name", secrets.token_hex(8))
        """Identifies the series of numbers: a new file has a new name."""
        (size,) = self._connection.execute(
            "SELECT coalesce(sum(length(CAST(body AS BLOB))), 0) FROM rows WHERE report = 0"
        ).fetchone()
        self._bytes = int(size)
        self._sent_seq = 0
        self._in_doubt: list[int] = []
        """Dropped rows that were sent, and are not acknowledged yet."""

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=10)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            # With NORMAL, a power cut can undo the latest commits: readings, and the record that a command has started.
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        self._path.chmod(0o600)
        return connection

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException:
            # After some errors, such as a full disk, SQLite has already rolled back on its own.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    # Rows.

    def append(self, bodies: Sequence[str]) -> None:
        """Add readings. They are on disk when this returns."""
        size = sum(len(body.encode()) for body in bodies)
        with self._transaction() as connection:
            connection.executemany("INSERT INTO rows (body, report) VALUES (?, 0)", [(body,) for body in bodies])
            freed = self._make_room(connection, self._bytes + size)
        # After the commit, so that a failed transaction does not change the total.
        self._bytes += size - freed

    def _make_room(self, connection: sqlite3.Connection, size: int) -> int:
        """Drop the oldest readings of a spool that is too large. Returns how many bytes that freed."""
        if size <= self.max_bytes:
            return 0
        excess, freed, last = size - self.max_bytes + self.max_bytes // DROP_PART, 0, 0
        dropped: list[int] = []
        for seq, length in connection.execute("SELECT seq, length(CAST(body AS BLOB)) FROM rows WHERE report = 0 ORDER BY seq"):
            if freed >= excess:
                break
            last, freed = seq, freed + length
            dropped.append(seq)
        # Readings only: dropping a report would lose the outcome of a command.
        connection.execute("DELETE FROM rows WHERE report = 0 AND seq <= ?", (last,))
        self._set_fact("dropped", str(self._dropped_or_in_doubt + len(dropped)))
        self._in_doubt += [seq for seq in dropped if seq <= self._sent_seq]
        return freed

    def sent(self, seq: int) -> None:
        """Note up to which number rows were sent over the current connection; 0 when a new one starts."""
        self._sent_seq = seq
        if not seq:
            self._in_doubt = []  # an acknowledgement from the last connection can no longer arrive

    def read_after(self, seq: int, max_rows: int, max_bytes: int) -> list[tuple[int, str]]:
        """The next rows after a number, with their total size at most `max_bytes`; at least one if there is any."""
        found: list[tuple[int, str]] = []
        size = 0
        for row_seq, body in self._connection.execute(
            "SELECT seq, body FROM rows WHERE seq > ? ORDER BY seq LIMIT ?", (seq, max_rows)
        ):
            size += len(body.encode())
            if found and size > max_bytes:
                break
            found.append((row_seq, body))
        return found

    def forget(self, seq: int) -> None:
        """Remove acknowledged rows: everything up to a number."""
        with self._transaction() as connection:
            query = "SELECT coalesce(sum(length(CAST(body AS BLOB))), 0) FROM rows WHERE report = 0 AND seq <= ?"
            (freed,) = connection.execute(query, (seq,)).fetchone()
            connection.execute("DELETE FROM rows WHERE seq <= ?", (seq,))
            arrived = sum(one <= seq for one in self._in_doubt)
            if arrived:
                self._set_fact("dropped", str(self._dropped_or_in_doubt - arrived))
        self._in_doubt = [one for one in self._in_doubt if one > seq]
        self._bytes -= int(freed)

    @property
    def count(self) -> int:
        """The number of waiting rows."""
        return int(self._connection.execute("SELECT count(*) FROM rows").fetchone()[0])

    @property
    def dropped(self) -> int:
        """How many readings were dropped since the spool was created, without those that may still be acknowledged."""
        return self._dropped_or_in_doubt - len(self._in_doubt)

    @property
    def _dropped_or_in_doubt(self) -> int:
        return int(self._fact("dropped") or 0)

    def drain_dropped(self) -> int:
        """How many readings were dropped since the last call."""
        dropped = self.dropped
        new = dropped - int(self._fact("dropped_told") or 0)
        if new:
            self._set_fact("dropped_told", str(dropped))
        return new

    # Commands.

    def begin_command(self, command_id: str, report: str) -> bool:
        """Record that a command starts, with its receipt report. Returns False if it was started before."""
        with self._transaction() as connection:
            # `begun` is a counter and not a time, because the device's clock can be wrong or jump.
            added = connection.execute(
                "INSERT OR IGNORE INTO commands (id, begun, ended) "
                "VALUES (?, (SELECT coalesce(max(begun), 0) + 1 FROM commands), 0)",
                (command_id,),
            ).rowcount
            if added:
                self._add_report(connection, report)
        return bool(added)

    def report(self, body: str) -> None:
        """Add a report of a running command."""
        with self._transaction() as connection:
            self._add_report(connection, body)

    def end_command(self, command_id: str, report: str) -> None:
        """Mark a command as ended, with its report. Only the latest ended ones are kept."""
        with self._transaction() as connection:
            connection.execute("UPDATE commands SET ended = 1 WHERE id = ?", (command_id,))
            connection.execute(
                "DELETE FROM commands WHERE ended = 1 AND begun <= (SELECT max(begun) FROM commands) - ?", (KEPT_COMMANDS,)
            )
            self._add_report(connection, report)

    def unended_commands(self) -> list[str]:
        """Commands that were started and never ended: the agent ended during them."""
        return [row[0] for row in self._connection.execute("SELECT id FROM commands WHERE ended = 0 ORDER BY begun")]

    @staticmethod
    def _add_report(connection: sqlite3.Connection, body: str) -> None:
        connection.execute("INSERT INTO rows (body, report) VALUES (?, 1)", (body,))

    # Facts.

    def _fact(self, name: str) -> str | None:
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def _set_fact(self, name: str, value: str) -> str:
        self._connection.execute("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (name, value))
        return value

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
