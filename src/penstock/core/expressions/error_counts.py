"""Evaluations that failed, counted per alert, webhook endpoint and rule, with the last one's reason and time.

All counts are in memory, where the evaluations and the answers of the API use them; a worker stores the changed ones every few
seconds and loads all of them at the start. A missing value is not a failure: the device sent other values this time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol, TypeAlias

import msgspec

from penstock.kit.clock import Clock
from penstock.kit.ids import OrgId

MAX_REASON = 300


class Use(StrEnum):
    """What an expression belongs to."""

    ALERT = "alert"
    WEBHOOK = "webhook"
    RULE = "rule"


class ErrorCount(msgspec.Struct, frozen=True):
    """How many evaluations failed, and why and when the last one did."""

    count: int = 0
    reason: str | None = None
    last_us: int | None = None


class CountedErrors(msgspec.Struct, frozen=True):
    """The count of one definition."""

    org_id: OrgId
    use: Use
    subject_id: int
    errors: ErrorCount


Definition: TypeAlias = tuple[OrgId, Use, int]
NONE = ErrorCount()


class EvaluationErrors:
    """The counts of all definitions. `total` are the failures since the start."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: dict[Definition, ErrorCount] = {}
        self._changed: set[Definition] = set()
        self.total = 0

    def record(self, org_id: OrgId, use: Use, subject_id: int, reason: str) -> None:
        """Count a failure."""
        key = (org_id, use, subject_id)
        before = self._counts.get(key, NONE)
        self._counts[key] = ErrorCount(before.count + 1, reason[:MAX_REASON], self._clock.now_us())
        self._changed.add(key)
        self.total += 1

    def of(self, org_id: OrgId, use: Use, subject_id: int) -> ErrorCount:
        """The count of a definition."""
        return self._counts.get((org_id, use, subject_id), NONE)

    def reset(self, org_id: OrgId, use: Use, subject_id: int) -> None:
        """A definition was changed or deleted: its failures were those of the previous one."""
        key = (org_id, use, subject_id)
        if self._counts.pop(key, None) is not None:
            self._changed.add(key)

    def load(self, stored: Iterable[CountedErrors]) -> None:
        """Add the stored counts to those since the start. A definition that was reset meanwhile keeps its own."""
        for one in stored:
            key = (one.org_id, one.use, one.subject_id)
            now = self._counts.get(key)
            if now is not None:
                self._counts[key] = msgspec.structs.replace(now, count=now.count + one.errors.count)
            elif key not in self._changed:
                self._counts[key] = one.errors

    def drain(self) -> list[CountedErrors]:
        """The counts that changed since the last call; a count of zero was reset."""
        changed, self._changed = self._changed, set()
        return [CountedErrors(*key, self._counts.get(key, NONE)) for key in sorted(changed)]

    def restore(self, drained: Iterable[CountedErrors]) -> None:
        """Mark counts that could not be stored as changed."""
        self._changed.update((one.org_id, one.use, one.subject_id) for one in drained)


class ErrorCountStore(Protocol):
    """The stored counts of the transaction's organisation."""

    async def save(self, counted: CountedErrors) -> None:
        """Replace the count of a definition; a count of zero removes it."""


class SystemErrorCountStore(Protocol):
    """The stored counts of all organisations."""

    async def list(self) -> Sequence[CountedErrors]:
        """All counts."""


class HasErrorCounts(Protocol):
    """A transaction with counts of failed evaluations."""

    @property
    def evaluation_errors(self) -> ErrorCountStore:
        """Counts of failed evaluations."""


class HasSystemErrorCounts(Protocol):
    """A transaction across organisations with counts of failed evaluations."""

    @property
    def evaluation_errors(self) -> SystemErrorCountStore:
        """Counts of failed evaluations."""
