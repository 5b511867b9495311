"""The control database: one writer, several readers, and the only access to an organisation's state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from penstock.adapters.storage.sqlite.connection import Session, StorageUnavailable, connect
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.adapters.storage.sqlite.transaction import SqliteSystemTransaction, SqliteTransaction
from penstock.kit.ids import OrgId
from penstock.kit.secret import Pepper

READERS = 4


class SqliteDatabase:
    """State in `penstock.db`. Opened after its schema is up to date."""

    def __init__(self, data_dir: Path, pepper: Pepper, synchronous: str = "FULL") -> None:
        path = data_dir / CONTROL_FILE
        self._pepper = pepper
        # SQLite has one writer. A separate thread and a lock on the loop keep the order of callers, while SQLite's busy handler
        # would make them poll.
        self._writer = Session(connect(path, synchronous=synchronous), ThreadPoolExecutor(1, "db-writer"))
        self._writing = asyncio.Lock()
        self._all_readers = [
            Session(connect(path, read_only=True), ThreadPoolExecutor(1, f"db-reader-{n}")) for n in range(READERS)
        ]
        self._listeners: list[Callable[[], None]] = []
        self._readers: asyncio.Queue[Session] = asyncio.Queue()
        for reader in self._all_readers:
            self._readers.put_nowait(reader)

    @asynccontextmanager
    async def transaction(self, org_id: OrgId) -> AsyncIterator[SqliteTransaction]:
        async with self._write() as session:
            yield SqliteTransaction(session, org_id, self._pepper)

    @asynccontextmanager
    async def snapshot(self, org_id: OrgId) -> AsyncIterator[SqliteTransaction]:
        async with self._read() as session:
            yield SqliteTransaction(session, org_id, self._pepper)

    @asynccontextmanager
    async def system(self) -> AsyncIterator[SqliteSystemTransaction]:
        async with self._write() as session:
            yield SqliteSystemTransaction(session, self._pepper)

    @asynccontextmanager
    async def system_snapshot(self) -> AsyncIterator[SqliteSystemTransaction]:
        async with self._read() as session:
            yield SqliteSystemTransaction(session, self._pepper)

    def on_events(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def close(self) -> None:
        """Wait for running calls, then close every connection."""
        for session in (self._writer, *self._all_readers):
            session.close()

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[Session]:
        async with self._writing:
            try:
                # A caller that is cancelled here leaves a BEGIN in the writer's thread: the rollback below follows it there.
                self._writer.has_new_entries = False
                # IMMEDIATE takes the write lock now. A deferred transaction that reads first can fail at its first write, and
                # then only repeating all of it helps.
                await self._writer.call(lambda c: c.execute("BEGIN IMMEDIATE"))
                yield self._writer
                # Shielded: a cancelled caller must not leave it open whether the commit happened.
                await asyncio.shield(self._writer.call(lambda c: c.execute("COMMIT")))
                # After the commit: a listener that is woken earlier would find nothing and sleep again.
                for listener in self._listeners if self._writer.has_new_entries else ():
                    listener()
            except BaseException:
                # On a full disk SQLite has often rolled back by itself, and says so with an error, which must not replace the
                # first one: least of all a cancellation.
                with suppress(StorageUnavailable):
                    await asyncio.shield(self._writer.call(lambda c: c.in_transaction and c.execute("ROLLBACK")))
                raise

    @asynccontextmanager
    async def _read(self) -> AsyncIterator[Session]:
        session = await self._readers.get()
        try:
            await session.call(lambda c: c.execute("BEGIN"))
            yield session
        finally:
            try:
                with suppress(StorageUnavailable):  # a read transaction has nothing to lose
                    await asyncio.shield(session.call(lambda c: c.in_transaction and c.execute("COMMIT")))
            finally:  # also if the caller is cancelled again: a reader that is not returned is lost to all callers
                self._readers.put_nowait(session)
