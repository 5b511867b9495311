"""Refusals by limits, counted per hour."""

from __future__ import annotations

from collections import Counter

from penstock.core.limits.models import Limit
from penstock.kit.clock import HOUR_US, Clock
from penstock.kit.ids import OrgId

MAX_LINES = 10_000
"""The maximum number of counters in memory. If more are needed before the next drain, later ones are not counted."""
Line = tuple[OrgId, int, str, str, str]
"""Organisation, hour, limit, scope, subject's public id."""


class Ledger:
    """Refusals by hour, in memory until a worker stores them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: Counter[Line] = Counter()

    def note(self, org_id: OrgId, limit: Limit, subject: str) -> None:
        """Count one refusal. `subject` is the public id of the rejected caller."""
        line = org_id, self._clock.now_us() // HOUR_US * HOUR_US, limit.name, limit.scope.value, subject
        if line in self._lines or len(self._lines) < MAX_LINES:
            self._lines[line] += 1

    def drain(self) -> Counter[Line]:
        """Return the counts since the last drain."""
        counts, self._lines = self._lines, Counter()
        return counts

    def restore(self, counts: Counter[Line]) -> None:
        """Add back counts that could not be stored."""
        self._lines.update(counts)
