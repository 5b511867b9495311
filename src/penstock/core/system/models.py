"""What the operator sees of the server."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec


class Status(StrEnum):
    """The result of a check: good, good enough to serve, or failed."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Check(msgspec.Struct, frozen=True):
    """One check, with one line about its result."""

    name: str
    status: Status
    detail: str


class Day(msgspec.Struct, frozen=True):
    """The bytes of the readings that arrived on a day (UTC), such as `2026-04-01`."""

    day: str
    size: int


class Disk(msgspec.Struct, frozen=True, kw_only=True):
    """The disk with the data directory, in bytes. `control` is the database of everything that is not a reading.

    `days` are those with readings, oldest first.
    """

    total: int
    free: int
    control: int
    days: Sequence[Day]

    @property
    def readings(self) -> int:
        """The bytes of all readings."""
        return sum(day.size for day in self.days)


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """The disk, and the checks of the data directory."""

    disk: Disk
    checks: Sequence[Check]


class BackupState(StrEnum):
    """The state of a backup. Those that failed are forgotten when the server stops."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """A backup. `size` is that of its file in bytes, 0 until it is complete; `done` is the share of the work, from 0 to 1."""

    name: str
    state: BackupState
    created_us: int
    size: int = 0
    done: float = 1.0
    error: str = ""


class SystemState(msgspec.Struct, frozen=True, kw_only=True):
    """The server. `per_day` are the bytes that it recently stored per day, `days_left` the days until its disk is full."""

    machine: Machine
    per_day: float | None
    days_left: float | None
