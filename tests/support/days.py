"""A reading log over many days, with the clock in hand: real files, the real writer thread, no server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from penstock.adapters.storage.config import LogConfig
from penstock.adapters.storage.sqlite.log import SqliteReadingLog
from penstock.adapters.storage.sqlite.readings import SqliteReadingStore
from penstock.adapters.storage.sqlite.segments import SegmentFiles
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import DAY_US, SECOND_US
from penstock.settings import load_settings

NOON_US = 1_777_723_200_000_000
"""2026-05-02T12:00:00Z."""


class HeldClock:
    """Both clocks in hand."""

    def __init__(self, us: int = NOON_US) -> None:
        self.us, self.s = us, 1000.0

    def now_us(self) -> int:
        return self.us

    def monotonic(self) -> float:
        return self.s

    def next_day(self, days: int = 1) -> None:
        self.us += days * DAY_US
        self.s += days * DAY_US / SECOND_US


class PassingClock(HeldClock):
    """Time that passes, whatever it is set to: the other clock goes on with it."""

    def __init__(self, us: int = NOON_US) -> None:
        super().__init__(us)
        self._began_us = us

    def monotonic(self) -> float:
        return self.s + (self.us - self._began_us) / SECOND_US

    def next_day(self, days: int = 1) -> None:
        self.us += days * DAY_US


class Log:
    """An open log and the store over the same files."""

    def __init__(self, files: SegmentFiles, log: SqliteReadingLog, store: SqliteReadingStore) -> None:
        self.files, self.log, self.store = files, log, store


@contextmanager
def open_log(folder: Path, clock: HeldClock, config: LogConfig | None = None) -> Iterator[Log]:
    """Open a log in a folder, as the server does. Needs a running event loop."""
    files = SegmentFiles(folder)
    files.load()
    log = SqliteReadingLog(files, clock, config or load_settings(environment={}).log)
    store = SqliteReadingStore(files)
    log.start()
    try:
        yield Log(files, log, store)
    finally:
        log.close()
        store.close()
        files.close()


def reading(
    clock: HeldClock, *, org: int = 1, device: int = 10, value: int = 0, time_us: int | None = None, key: str | None = None
) -> Reading:
    """A reading that arrives now; `key` is the device's own name for it."""
    at = clock.us if time_us is None else time_us
    dedupe = key.encode().ljust(16, b"\0") if key else None
    return Reading(org, device, at, clock.us, b'{"n":%d}' % value, dedupe=dedupe)
