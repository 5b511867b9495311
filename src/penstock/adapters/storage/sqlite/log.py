"""The reading log: one thread appends, and many requests share each commit.

Theory of operation. `append` runs on the event loop: it checks the limits, queues the readings and returns a future. The writer
thread takes everything queued, assigns sequence numbers, writes one multi-row INSERT outside any explicit transaction, and
SQLite returns after the fsync (`synchronous=FULL`). Only then is the loop notified: listeners first, so that acknowledged
readings are also visible, then the futures. While one commit waits for the disk, the next batch collects on the queue; under
load the batches grow automatically and no timer is needed.

One statement per commit matters: the interpreter lock is released and acquired once per statement, and each acquisition can
wait for the event loop. For the same reason the indexes are not updated by the INSERT; they are filled in sorted steps of
`INDEX_ROWS` or more, or when the log is idle, and until then queries read the short tail directly.

If the disk is full, the commit fails completely and the next one may succeed. If the disk *fails*, nothing more is acknowledged
until a restart: after a failed fsync a second one can falsely succeed.
"""

from __future__ import annotations

import asyncio
import functools
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence

import structlog

from penstock.adapters.storage.config import LogConfig
from penstock.adapters.storage.disk import Disk
from penstock.adapters.storage.sqlite.connection import ReadingDamaged, StorageUnavailable, connect, is_of_full_disk, statements
from penstock.adapters.storage.sqlite.rows import LOG_COLUMNS, reading_params, to_readings
from penstock.adapters.storage.sqlite.segments import Segment, SegmentFiles
from penstock.core.telemetry.errors import DiskFull, LogFailed, LogFull
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import DAY_US, Clock, format_day
from penstock.kit.conditions import Conditions
from penstock.kit.errors import PenstockError
from penstock.kit.ids import DeviceId, OrgId, Prefix, Seq, encode

# A commit of 100 rows took 230,000 rows a second, one of 1,000 rows 520,000 (docs/decisions/0006).
ROWS_PER_STATEMENT = 1_000
ROWS_PER_COMMIT = 8_000
KEYS_PER_STATEMENT = 1_024
INDEX_ROWS = 16_000
MAX_TAIL_ROWS = 64_000
INDEX_PAUSE_S = 0.5
"""Under more load than `INDEX_ROWS` in this time, longer tails are indexed: a step then updates each page of the index for
more rows at once."""
IDLE_S = 0.5
"""After this time without an append the tail is indexed, whatever its length."""
# A checkpoint runs inside the commit that reaches it: SQLite's default of 1,000 pages would run it four times as often.
CHECKPOINT_PAGES = 4_000
CROWDED = 0.8
"""The share of the queue above which callers are asked to wait."""

REFUSED = "log_refused"
_log = structlog.get_logger()
Listener = Callable[[Sequence[Reading]], None]


class _Pending:
    """Readings that wait for one commit, and the future of their caller."""

    __slots__ = ("future", "readings", "size_bytes")

    def __init__(self, readings: Sequence[Reading], future: asyncio.Future[None], size_bytes: int) -> None:
        self.readings, self.future, self.size_bytes = readings, future, size_bytes


class SqliteReadingLog:
    """Implements `ReadingLog` on segment files."""

    def __init__(self, files: SegmentFiles, clock: Clock, config: LogConfig, disk: Disk | None = None) -> None:
        self._files = files
        self._disk = disk or Disk(files.directory)
        self._clock = clock
        self._config = config
        # The limits are counted on the event loop, by readings and bytes. A bounded queue would block the loop.
        self._queue: queue.SimpleQueue[list[_Pending] | None] = queue.SimpleQueue()
        self._turn: list[_Pending] = []
        self._queued_readings = 0
        self._queued_bytes = 0
        self._listeners: list[Listener] = []
        self._on_settled: list[Callable[[Sequence[Reading], bool], None]] = []
        self._failed = False
        self._reading = Conditions(clock.monotonic)
        self._writer = _Writer(files, clock, "FULL" if config.dangerous_durability == "full" else "NORMAL")
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._last_seq = Seq(0)
        self.commits = 0
        self.refused = 0

    def start(self) -> None:
        """Open the hot segment and start to write. Called on the event loop.

        Raises:
            SegmentDamaged, SegmentTooNew: a segment cannot be used.
            StorageUnavailable: the newest one cannot be written, for example because the disk is full.
        """
        self._loop = asyncio.get_running_loop()
        try:
            self._writer.open()
        except sqlite3.Error as error:
            newest = self._files.all()[-1:]
            where = f"{newest[0].path.parent.name}/{newest[0].path.name}: " if newest else ""
            raise StorageUnavailable(reason=f"{where}{error}") from error
        self._last_seq = self._writer.seq
        self._thread.start()

    def close(self) -> None:
        """Write everything queued, index it and stop."""
        # First pass on what this turn of the loop has collected: nothing must follow the None that ends the writer.
        self._pass_to_writer()
        self._queue.put(None)
        self._thread.join()

    @property
    def last_seq(self) -> Seq:
        return self._last_seq

    @property
    def first_seq(self) -> Seq:
        segments = self._files.all()
        return Seq((segments[0].base_seq if segments else self.last_seq) + 1)

    @property
    def failed(self) -> bool:
        """Whether the disk failed, so that nothing is accepted until a restart."""
        return self._failed

    @property
    def queued_readings(self) -> int:
        return self._queued_readings

    @property
    def is_overloaded(self) -> bool:
        config = self._config
        return (
            self._queued_readings > CROWDED * config.max_queued_readings or self._queued_bytes > CROWDED * config.max_queued_bytes
        )

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def on_settled(self, listener: Callable[[Sequence[Reading], bool], None]) -> None:
        self._on_settled.append(listener)

    def append(self, readings: Sequence[Reading]) -> asyncio.Future[None]:
        if self._failed:
            self._settled(readings, stored=False)
            raise LogFailed()
        # An empty append only waits for those before it.
        if self._disk.full and readings and self._disk.check():
            self._settled(readings, stored=False)
            raise DiskFull()
        config = self._config
        size_bytes = sum([len(reading.payload) for reading in readings])
        # An empty queue accepts anything: a batch that alone exceeds the limit must not be rejected forever.
        if self._queued_readings and (
            self._queued_readings + len(readings) > config.max_queued_readings
            or self._queued_bytes + size_bytes > config.max_queued_bytes
        ):
            self.refused += 1
            self._settled(readings, stored=False)
            raise LogFull()
        self._queued_readings += len(readings)
        self._queued_bytes += size_bytes
        assert self._loop is not None
        future: asyncio.Future[None] = self._loop.create_future()
        if not self._turn:
            self._loop.call_soon(self._pass_to_writer)
        self._turn.append(_Pending(readings, future, size_bytes))
        return future

    def _pass_to_writer(self) -> None:
        """Pass the readings of this turn of the event loop to the writer: waking it costs more than a reading."""
        if self._turn:
            self._queue.put(self._turn)
            self._turn = []

    async def flush(self) -> None:
        """Wait until everything queued before is on disk."""
        await self.append(())

    async def read_after(self, seq: Seq, limit: int, org_id: OrgId | None = None) -> list[Reading]:
        return await asyncio.get_running_loop().run_in_executor(None, self._read_after, seq, limit, org_id)

    def _read_after(self, seq: Seq, limit: int, org_id: OrgId | None) -> list[Reading]:
        name = "read_log" if org_id is None else "read_log_of_organization"
        found: list[Reading] = []
        for segment in self._files.all():
            if segment.last_seq <= seq or len(found) >= limit:
                continue
            with self._files.reading(segment) as connection:
                params = {"org_id": org_id, "seq": seq, "limit": limit - len(found)}
                found += to_readings(connection.execute(statements()[name], params), self._skip_damaged)
        return found

    def _skip_damaged(self, seq: Seq) -> None:
        """Followers continue after a damaged reading: one that stopped there would never see another one."""
        self._reading.lasts("reading_damaged", ReadingDamaged(reading=encode(Prefix.READING, seq)).detail)

    # The following methods run in the writer thread, except `_committed` and `_refused`.

    def _run(self) -> None:
        stopping = False
        while not stopping:
            batch, stopping, idle = self._gather()
            if batch:
                self._commit(batch)
            if not self._failed and not self._writer.maintain(idle=idle or stopping):
                self._failed = True
        self._writer.close()

    def _gather(self) -> tuple[list[_Pending], bool, bool]:
        """Everything queued, up to one commit's worth; whether to stop; whether the log has been idle."""
        try:
            # Without a tail there is nothing to do but wait: the thread of an idle server never wakes up.
            first = self._queue.get(timeout=IDLE_S if self._writer.has_tail else None)
        except queue.Empty:
            return [], False, True
        batch: list[_Pending] = []
        rows = 0
        while first is not None:
            batch += first
            rows += sum([len(pending.readings) for pending in first])
            if rows >= ROWS_PER_COMMIT:
                return batch, False, False
            try:
                first = self._queue.get_nowait()
            except queue.Empty:
                return batch, False, False
        return batch, True, False

    def _commit(self, batch: list[_Pending]) -> None:
        assert self._loop is not None
        try:
            if self._failed:
                raise LogFailed()
            stored = self._writer.write([reading for pending in batch for reading in pending.readings])
        except PenstockError as error:
            self._failed = self._failed or isinstance(error, LogFailed)
            self._loop.call_soon_threadsafe(self._refused, batch, error)
        else:
            # One wake-up of the loop for the whole commit, however many callers share it.
            self._loop.call_soon_threadsafe(self._committed, batch, stored, self._writer.seq)

    def _committed(self, batch: list[_Pending], stored: list[Reading], seq: Seq) -> None:
        self.commits += 1
        self._last_seq = seq  # of this commit: the writer may already have started the next one, which is not on disk yet
        try:
            for listener in self._listeners:
                listener(stored)
        finally:  # a failing listener must not leave callers waiting for stored readings
            for pending in batch:
                self._taken(pending, stored=True)
                if not pending.future.done():
                    pending.future.set_result(None)

    def _refused(self, batch: list[_Pending], error: PenstockError) -> None:
        for pending in batch:
            self._taken(pending, stored=False)
            if not pending.future.done():
                pending.future.set_exception(type(error)())

    def _taken(self, pending: _Pending, *, stored: bool) -> None:
        self._queued_readings -= len(pending.readings)
        self._queued_bytes -= pending.size_bytes
        self._settled(pending.readings, stored=stored)

    def _settled(self, readings: Sequence[Reading], *, stored: bool) -> None:
        for listener in self._on_settled:
            listener(readings, stored)


class _Writer:
    """The hot segment and its connection: everything that the writer thread does to files."""

    def __init__(self, files: SegmentFiles, clock: Clock, synchronous: str) -> None:
        self._files = files
        self._clock = clock
        self._synchronous = synchronous
        self._connection: sqlite3.Connection | None = None
        self._hot: Segment | None = None
        self._previous: sqlite3.Connection | None = None
        self._recent: dict[tuple[DeviceId, bytes], Seq] = {}
        self._indexed_seq = 0
        self._indexed_at = 0.0
        self._conditions = Conditions(clock.monotonic)
        self.seq = Seq(0)

    @property
    def has_tail(self) -> bool:
        return self.seq > self._indexed_seq

    def open(self) -> None:
        """Continue where the newest segment ends, or create the first."""
        segments = self._files.all()
        if not segments:
            self._use(self._files.create(format_day(self._clock.now_us()), Seq(0)))
        else:
            for segment in segments[-2:]:  # dedupe keys in the previous one are still valid
                self._use(segment)
            self._unless_full(self._index)
        self._unless_full(self._roll)

    def _unless_full(self, use: Callable[[], None]) -> None:
        """Do what can be done later if the disk is full: then stored readings can be read all the same."""
        try:
            use()
        except sqlite3.Error as error:
            self._rollback()
            if not isinstance(self._refusal(error), DiskFull):
                raise

    def write(self, readings: list[Reading]) -> list[Reading]:
        """Commit readings. Returns those that are new and not quarantined.

        Raises:
            DiskFull: nothing was stored; a later attempt may succeed.
            LogFailed: nothing was stored, and nothing must be until a restart.
        """
        before = self.seq
        try:
            self._roll()
            fresh = self._number(readings) if readings else []
            stored = [reading for reading in fresh if not reading.quarantined]
            self._insert(stored, [reading for reading in fresh if reading.quarantined])
        except sqlite3.Error as error:
            # The assigned numbers are released again: no reading has them.
            self._undo(before)
            raise self._refusal(error) from error
        self._note(stored)
        self._conditions.over(REFUSED)
        return stored

    def maintain(self, *, idle: bool) -> bool:
        """Index the tail if it is long or the log is idle. Returns False if the disk failed.

        A full disk is not fatal here: queries still read the tail, only more slowly, and the next round tries again.
        """
        rows = self.seq - self._indexed_seq
        soon = self._clock.monotonic() - self._indexed_at < INDEX_PAUSE_S
        if not (idle and rows) and rows < (MAX_TAIL_ROWS if soon else INDEX_ROWS):
            return True
        try:
            self._index()
        except sqlite3.Error as error:
            self._rollback()
            return not isinstance(self._refusal(error), LogFailed)
        return True

    def close(self) -> None:
        for connection in (self._connection, self._previous):
            if connection is not None:
                connection.close()

    def _use(self, segment: Segment) -> None:
        if self._previous is not None:
            self._previous.close()
        self._previous = self._connection
        self._connection = connect(segment.path, synchronous=self._synchronous)
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        self._hot = segment
        self.seq = Seq(segment.last_seq)
        self._indexed_seq = int(self._connection.execute("SELECT indexed_seq FROM segment").fetchone()[0])

    def _roll(self) -> None:
        """Start a new segment when the day has changed."""
        assert self._hot is not None
        now_us = self._clock.now_us()
        day = format_day(now_us)
        # A clock that is set back by a little, over midnight, changes nothing. One that was far ahead does: the segment of a day
        # in the future would be continued until then, and never be removed.
        if day <= self._hot.day <= format_day(now_us + DAY_US):
            return
        # A sealed segment is never indexed later, so its tail must be indexed now.
        self._index()
        sealed, connection = self._hot, self._connection
        assert connection is not None
        params = {
            "last_seq": self.seq,
            "min_time_us": sealed.min_time_us,
            "max_time_us": sealed.max_time_us,
        }
        newest = self._files.all()[-1]  # exists already if sealing the old one failed the last time
        fresh = newest if newest is not sealed and newest.day == day else self._files.create(day, self.seq)
        # The new file is created before the old one is sealed: whatever fails in between, there is a segment to append to.
        connection.execute(statements()["seal_segment"], params)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._use(fresh)

    def _number(self, readings: list[Reading]) -> list[Reading]:
        """Assign sequence numbers. Returns the readings that are not duplicates."""
        fresh = []
        indexed = self._find_indexed([reading for reading in readings if reading.dedupe is not None])
        for reading in readings:
            if reading.dedupe is not None:
                key = (reading.device_id, reading.dedupe)
                # The first delivery: in the tail, which this batch is part of, in the hot segment, or in the previous one.
                found = self._recent.get(key) or indexed.get(key)
                if found is not None:
                    reading.seq, reading.duplicate = found, True
                    continue
            self.seq = Seq(self.seq + 1)
            reading.seq = self.seq
            # Recorded before the commit, so that a key that is repeated in one batch is found too. `_undo` removes it again.
            if reading.dedupe is not None:
                self._recent[reading.device_id, reading.dedupe] = reading.seq
            fresh.append(reading)
        return fresh

    def _find_indexed(self, keyed: list[Reading]) -> dict[tuple[DeviceId, bytes], Seq]:
        """Which of these readings were delivered before, as far as the indexes of the hot and the previous segment know.

        Many in one statement: each one acquires the interpreter lock, which took a third of the time of a batch with keys.
        """
        found: dict[tuple[DeviceId, bytes], Seq] = {}
        keyed.sort(key=_by_key)  # neighbours in the index, whose pages are then read once
        for connection in (self._previous, self._connection):
            if connection is None:
                continue
            for start in range(0, len(keyed), KEYS_PER_STATEMENT):
                part = keyed[start : start + KEYS_PER_STATEMENT]
                # Rounded up, so that there are few different texts to compile.
                rows = 1 << (len(part) - 1).bit_length()
                params = [value for one in part for value in (one.device_id, one.dedupe)]
                params += params[-2:] * (rows - len(part))
                for device_id, dedupe, seq in connection.execute(_many_keys(rows), params):
                    found[device_id, dedupe] = Seq(seq)
        return found

    def _insert(self, stored: list[Reading], quarantined: list[Reading]) -> None:
        connection = self._connection
        assert connection is not None
        # A single statement outside a transaction is one itself: BEGIN and COMMIT would acquire the interpreter lock twice more.
        single = not quarantined and len(stored) <= ROWS_PER_STATEMENT
        if not single:
            connection.execute("BEGIN IMMEDIATE")
        for name, rows in (("insert_reading", stored), ("insert_quarantined", quarantined)):
            for start in range(0, len(rows), ROWS_PER_STATEMENT):
                part = rows[start : start + ROWS_PER_STATEMENT]
                connection.execute(_multi_row(name, len(part)), reading_params(part))
        if not single:
            connection.execute("COMMIT")

    def _note(self, stored: list[Reading]) -> None:
        """Extend the hot segment's bounds, so that queries read it."""
        hot = self._hot
        assert hot is not None
        hot.last_seq = self.seq
        if stored:
            times = [reading.time_us for reading in stored]
            hot.widen(min(times), max(times))

    def _undo(self, seq: Seq) -> None:
        self._rollback()
        self.seq = seq
        self._recent = {key: at for key, at in self._recent.items() if at <= seq}

    def _rollback(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _index(self) -> None:
        connection = self._connection
        assert connection is not None
        # In one transaction with the mark, so that a query finds each reading in the index or in the tail, and never in both.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(statements()["index_readings"])
        connection.execute(statements()["index_dedupe"])
        connection.execute(statements()["mark_indexed"], {"seq": self.seq})
        connection.execute("COMMIT")
        self._indexed_seq = self.seq
        self._indexed_at = self._clock.monotonic()
        self._recent.clear()

    def _refusal(self, error: sqlite3.Error) -> PenstockError:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if is_of_full_disk(error) or primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            self._conditions.lasts(REFUSED, str(error))
            return DiskFull()
        # Any error that is not known to be harmless stops the log. Continuing after a failed fsync could lose acknowledged
        # readings.
        _log.critical("log_failed", reason=str(error), sqlite_code=getattr(error, "sqlite_errorname", ""))
        return LogFailed()


_MULTI_ROW: dict[tuple[str, int], str] = {}


def _multi_row(name: str, rows: int) -> str:
    """The named INSERT with its row of values repeated. Texts are cached: the driver finds its compiled statement by its text."""
    text = _MULTI_ROW.get((name, rows))
    if text is None:
        head = statements()[name].partition("VALUES")[0]
        row = f"({', '.join('?' * len(LOG_COLUMNS))})"
        text = f"{head}VALUES {', '.join([row] * rows)}"
        # Each number of rows has its own text, and a text of 1,000 rows is long: rare ones are created again each time.
        if len(_MULTI_ROW) < 256:
            _MULTI_ROW[name, rows] = text
    return text


@functools.cache
def _many_keys(rows: int) -> str:
    """The statement that looks for as many dedupe keys."""
    return statements()["find_duplicates"].replace("(:device_id, :dedupe)", ", ".join(["(?, ?)"] * rows))


def _by_key(reading: Reading) -> tuple[DeviceId, bytes | None]:
    return reading.device_id, reading.dedupe
