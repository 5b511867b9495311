"""Log lines about conditions that last: the disk is full, a database is locked, a bug ends a worker again and again.

A condition is one line when it begins or its reason changes, one every `REMIND_S` while it lasts, and one when it has ended.
Errors that concern the whole server (`of_server`), such as a full disk, are one condition however many loops meet them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar

import msgspec
import structlog

from penstock.kit.errors import PenstockError

REMIND_S = 900.0
QUIET_S = 10.0
"""How long nothing must have failed before a condition is over: a loop that has nothing to write does not meet a full disk."""
_log = structlog.get_logger()


class _Condition(msgspec.Struct):
    """A condition that lasts: what fails, how often and when last, and what was logged last."""

    event: str
    reason: str
    facts: dict[str, str]
    began_s: float
    logged_s: float
    last_s: float
    failing: set[str]
    times: int = 1


class Conditions:
    """The conditions that last. Shared by everything in a server."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lasting: dict[str, _Condition] = {}

    def failing(self, event: str, error: PenstockError, **facts: str) -> None:
        """Something, named by its event and its facts, failed with an error."""
        by = _named(event, facts)
        self._note(error.code if error.of_server else by, by, event, error.detail, facts, rewords=error.of_server)

    def lasts(self, event: str, reason: str, **facts: str) -> None:
        """As `failing`, for an error that is not Penstock's."""
        by = _named(event, facts)
        self._note(by, by, event, reason, facts, rewords=False)

    def failed(self, event: str, reason: str, **facts: str) -> bool:
        """Something failed for a reason. Returns whether that is news, which the caller logs with its traceback."""
        by = _named(event, facts)
        return self._note(by, by, event, reason, facts, rewords=False, silent=True)

    def over(self, event: str, **facts: str) -> None:
        """Something worked: its condition is over, unless others still fail."""
        if not self._lasting:
            return
        by, now_s = _named(event, facts), self._monotonic()
        for key, condition in list(self._lasting.items()):
            condition.failing.discard(by)
            if not condition.failing and now_s - condition.last_s >= QUIET_S:
                del self._lasting[key]
                lasted_s = round(condition.last_s - condition.began_s)
                _log.info(f"{condition.event}_no_longer", lasted_s=lasted_s, times=condition.times, **condition.facts)

    def _note(
        self, key: str, by: str, event: str, reason: str, facts: dict[str, str], *, rewords: bool, silent: bool = False
    ) -> bool:
        now_s, known = self._monotonic(), self._lasting.get(key)
        if known is None:
            known = self._lasting[key] = _Condition(event, reason, facts, now_s, now_s, now_s, {by})
            if not silent:
                _log.warning(event, reason=reason, **facts)
            return True
        known.failing.add(by)
        known.last_s = now_s
        known.times += 1
        # The many that meet a full disk each word it slightly differently: this is the same reason.
        changed = reason != known.reason and not rewords
        due = changed or now_s - known.logged_s >= REMIND_S
        if due:
            known.reason, known.logged_s = reason, now_s
        if due and not silent:
            since_s = round(now_s - known.began_s)
            _log.warning(known.event, reason=reason, since_s=since_s, times=known.times, **known.facts)
        return due


def _named(event: str, facts: dict[str, str]) -> str:
    return " ".join((event, *facts.values()))


_SHARED: ContextVar[Conditions] = ContextVar("conditions")


def conditions() -> Conditions:
    """The conditions shared by the tasks of this server."""
    found = _SHARED.get(None)
    if found is None:
        found = Conditions()
        share(found)
    return found


def share(found: Conditions) -> None:
    """Make conditions those of this task, and of everything that it starts."""
    _SHARED.set(found)
