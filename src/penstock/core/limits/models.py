"""A limit, its state, and what came of asking for a share of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

Subject = int | str
"""Whom a limit counts: the id of an organisation, key or device, or an address."""


class Window(StrEnum):
    """Over which time a limit counts: a second is a steady rate, a minute slides, a day and a month end at midnight UTC."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class LimitScope(StrEnum):
    """Who shares a limit."""

    ACCOUNT = "account"
    KEY = "key"
    GROUP = "group"
    ADDRESS = "address"
    DEVICE = "device"


class Limit(msgspec.Struct, frozen=True, gc=False):
    """So many in a window, for each subject of a scope. `name` tells limits apart that share a subject; it has one window."""

    name: str
    scope: LimitScope
    count: int
    window: Window


class State(msgspec.Struct, frozen=True, gc=False):
    """What is left of a limit. `reset_s` is how long until all of it is there again, in seconds."""

    limit: Limit
    remaining: int
    reset_s: float


class Verdict(msgspec.Struct, frozen=True):
    """Whether something may pass. `refused` is the limit in the way, of several the one that is longest in the way.

    Units: `retry_after_s` is whole seconds after which all limits together let it pass, if nothing else is counted until then.
    """

    states: tuple[State, ...] = ()
    refused: State | None = None
    retry_after_s: int = 0


class DayCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a daily limit is used. Units: `day` is the number of the UTC day since 1970."""

    limit: str
    subject: Subject
    day: int
    count: int


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """How often a limit refused somebody in an hour: a line of the ledger. `subject` is a public id."""

    hour_us: int
    limit: str
    scope: str
    subject: str
    count: int


class RefusalFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines of the ledger to list; None means any. Hours that begin from `from_us` on and before `to_us`."""

    from_us: int
    to_us: int
    limit: str | None = None
    scope: str | None = None
    subject: str | None = None
