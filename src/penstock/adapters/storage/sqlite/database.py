"""The control database: one writer, several readers, and the only access to an organisation's state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from traceback import walk_tb

from penstock.adapters.storage.sqlite.connection import Session, StorageUnavailable, connect, tidy
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.adapters.storage.sqlite.transaction import SqliteSystemTransaction, SqliteTransaction
from penstock.core.database import HeldCalls, held_calls
from penstock.kit.conditions import conditions
from penstock.kit.ids import OrgId
from penstock.kit.secret import Pepper

READERS = 4
_hold: ContextVar[_Hold | None] = ContextVar("penstock_hold", default=None)
"""The transaction that this task holds. A task that it starts inherits the variable, but does not hold it."""


class _Hold:
    """A transaction around use cases of one task. It begins with the first part."""

    def __init__(self, begin: Callable[[], Awaitable[None]]) -> None:
        self._begin = begin
        self.task = asyncio.current_task()
        self.begun = False

    async def begin(self) -> None:
        if not self.begun:
            self.begun = True
            await self._begin()


class SqliteDatabase:
    """State in `penstock.db`. Opened after its schema is up to date."""

    def __init__(self, data_dir: Path, pepper: Pepper, synchronous: str = "FULL") -> None:
        path = self._path = data_dir / CONTROL_FILE
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

    @asynccontextmanager
    async def held(
        self, org_id: OrgId, on_begin: Callable[[SqliteTransaction], Awaitable[None]]
    ) -> AsyncIterator[Callable[[], Awaitable[SqliteTransaction]]]:
        transaction = SqliteTransaction(self._writer, org_id, self._pepper)
        calls = HeldCalls()

        async def begin() -> None:
            await stack.enter_async_context(self._write_alone())
            await on_begin(transaction)

        async def begun() -> SqliteTransaction:
            await hold.begin()
            return transaction

        hold = _Hold(begin)
        try:
            async with AsyncExitStack() as stack:
                held, pending = _hold.set(hold), held_calls.set(calls)
                try:
                    yield begun
                finally:
                    _hold.reset(held)
                    held_calls.reset(pending)
        finally:
            # Also after a rollback: what was cached in the meantime never came to be.
            calls.repeat()

    def on_events(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def close(self) -> None:
        """Wait for running calls, then close every connection."""
        # The writer last: it leaves no write-ahead log behind.
        for session in (*self._all_readers, self._writer):
            session.close()
        tidy(self._path)

    @staticmethod
    def _held() -> _Hold | None:
        """The transaction that this task holds."""
        hold = _hold.get()
        return hold if hold is not None and hold.task is asyncio.current_task() else None

    @asynccontextmanager
    async def _part(self) -> AsyncIterator[Session]:
        """A transaction within the held one."""
        await self._writer.call(lambda c: c.execute("SAVEPOINT part"))
        try:
            yield self._writer
        except BaseException:
            # A full disk can have ended the transaction as a whole.
            await asyncio.shield(self._writer.call(lambda c: c.in_transaction and c.execute("ROLLBACK TO part")))
            raise
        finally:
            await asyncio.shield(self._writer.call(lambda c: c.in_transaction and c.execute("RELEASE part")))

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[Session]:
        hold = self._held()
        if hold is not None:
            await hold.begin()
        async with self._write_alone() if hold is None else self._part() as session:
            yield session

    @asynccontextmanager
    async def _write_alone(self) -> AsyncIterator[Session]:
        async with self._writing:
            try:
                # A caller that is cancelled here leaves a BEGIN in the writer's thread: the rollback below follows it there.
                self._writer.has_new_entries = False
                # IMMEDIATE takes the write lock now. A deferred transaction that reads first can fail at its first write, and
                # then only repeating all of it helps.
                await self._writer.call(lambda c: c.execute("BEGIN IMMEDIATE"))
                with _values_readable():
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
        hold = self._held()
        if hold is not None and hold.begun:
            yield self._writer  # which alone sees what was written so far
            return
        session = await self._readers.get()
        try:
            await session.call(lambda c: c.execute("BEGIN"))
            with _values_readable():
                yield session
        finally:
            try:
                with suppress(StorageUnavailable):  # a read transaction has nothing to lose
                    await asyncio.shield(session.call(lambda c: c.in_transaction and c.execute("COMMIT")))
            finally:  # also if the caller is cancelled again: a reader that is not returned is lost to all callers
                self._readers.put_nowait(session)


_ROWS = Path(__file__).parent
_DOORS = (Path(__file__).name, "transaction.py")


@contextmanager
def _values_readable() -> Iterator[None]:
    """Report a stored value that a store cannot convert: a bit of it has turned on the disk.

    Raises:
        StorageUnavailable: instead of the error of the conversion, which would look like a bug.
    """
    try:
        yield
    except (ValueError, TypeError, LookupError) as error:
        place = _innermost_of_penstock(error)
        if place is None or place.parent != _ROWS or place.name in _DOORS:
            raise
        conditions().lasts("stored_value_damaged", f"{type(error).__name__}: {error}", store=place.stem)
        raise StorageUnavailable(reason="a stored value is damaged; run penstock doctor") from error


def _innermost_of_penstock(error: Exception) -> Path | None:
    """The file of Penstock in which an error was raised, or called what raised it."""
    frames = [Path(frame.f_code.co_filename) for frame, _ in walk_tb(error.__traceback__)]
    own = [path for path in frames if "penstock" in path.parts]
    return own[-1] if own else None
