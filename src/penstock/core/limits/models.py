"""Limits, their state, and the verdict on a call."""

from __future__ import annotations

from enum import StrEnum

import msgspec

Subject = int | str
"""What a limit counts for: the id of an organisation, key or device, or an address."""


class Window(StrEnum):
    """The time over which a limit counts: a second is a steady rate, a minute slides, a day and a month end at midnight UTC."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class LimitScope(StrEnum):
    """What shares a limit."""

    ACCOUNT = "account"
    KEY = "key"
    GROUP = "group"
    ADDRESS = "address"
    DEVICE = "device"


class Limit(msgspec.Struct, frozen=True, gc=False):
    """A number per window, for each subject of a scope. `name` distinguishes limits of one subject; a name has one window.

    `noun` is what is counted, in the plural, as error texts name it.
    """

    name: str
    scope: LimitScope
    count: int
    window: Window
    noun: str = "calls"


class State(msgspec.Struct, frozen=True, gc=False):
    """The remaining part of a limit. `reset_s` is how long until it is available in full, in seconds."""

    limit: Limit
    remaining: int
    reset_s: float


class Verdict(msgspec.Struct, frozen=True):
    """Whether the call is allowed. `refused` is the exceeded limit; of several, the one with the longest wait.

    Units: `retry_after_s` is whole seconds after which all limits admit the call, if nothing else is counted until then.
    """

    states: tuple[State, ...] = ()
    refused: State | None = None
    retry_after_s: int = 0


class DayCount(msgspec.Struct, frozen=True, kw_only=True):
    """The used part of a daily limit. Units: `day` is the number of the UTC day since 1970."""

    limit: str
    subject: Subject
    day: int
    count: int


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """How often a limit rejected a caller in an hour. `subject` is a public id."""

    hour_us: int
    limit: str
    scope: str
    subject: str
    count: int


class RefusalFilter(msgspec.Struct, frozen=True, kw_only=True):
    """The refusals to list; None matches all. Hours that start at or after `from_us` and before `to_us`."""

    from_us: int
    to_us: int
    limit: str | None = None
    scope: str | None = None
    subject: str | None = None
