"""The server as a whole, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from penstock.core.system.models import BackupState, Status
from penstock.kit.wire_types import one_of


class Disk(Struct, frozen=True):
    """The disk with the data directory, in bytes.

    `bytes_per_day` is what was stored per day of the last two weeks, `days_left` the days until the disk is full at this rate;
    null if it is not known yet, or if that is ten years away.
    """

    total_bytes: int
    free_bytes: int
    readings_bytes: int
    control_bytes: int
    bytes_per_day: float | None
    days_left: float | None


class Check(Struct, frozen=True):
    """A check, with a line about its result."""

    name: str
    status: Annotated[str, one_of(*Status)]
    detail: str


class Follower(Struct, frozen=True):
    """How far a background worker is behind: in rows if they can be counted, and for how long it has had unfinished work."""

    name: str
    status: Annotated[str, one_of("ok", "behind")]
    rows: int | None
    seconds: float
    error: str | None


class System(Struct, frozen=True):
    """The server."""

    version: str
    durability: Annotated[str, one_of("full", "relaxed")]
    disk: Disk
    checks: list[Check]
    followers: list[Follower]


class Backup(Struct, frozen=True):
    """A backup. `done` is the share of the work, from 0 to 1; `bytes` is null until the file is complete."""

    name: str
    state: Annotated[str, one_of(*BackupState)]
    created_at: str
    bytes: int | None
    done: float
    error: str | None
