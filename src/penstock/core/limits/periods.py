"""The UTC day and the calendar month (UTC), and counts over the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from penstock.core.limits.models import DayCount, Subject
from penstock.kit.clock import DAY_US, SECOND_US

Place = tuple[str, Subject]
"""Limit and subject."""


def month_of(now_us: int) -> tuple[int, int]:
    """The UTC calendar month that contains a time: its start and the start of the next."""
    now = datetime.fromtimestamp(now_us // SECOND_US, UTC)
    begin = datetime(now.year, now.month, 1, tzinfo=UTC)
    # 31 days after the first of a month is always a day of the next month.
    end = (begin + timedelta(days=31)).replace(day=1)
    return int(begin.timestamp()) * SECOND_US, int(end.timestamp()) * SECOND_US


class DayCounts:
    """Counts of the current UTC day.

    The wall clock determines the day. If it is set to another day, counting starts again from zero: a clock that was briefly
    wrong must not lock out callers until the time it showed.
    """

    __slots__ = ("_changed", "_counts", "_max_subjects", "day")

    def __init__(self, max_subjects: int) -> None:
        self._max_subjects = max_subjects
        self._counts: dict[Place, int] = {}
        self._changed: set[Place] = set()
        self.day = -1
        """Days since 1970."""

    def turn(self, now_us: int) -> None:
        """Start from zero when the day has ended. Must be called before the counts are used."""
        if now_us // DAY_US != self.day:
            self.day = now_us // DAY_US
            self._counts.clear()
            self._changed.clear()

    def used(self, place: Place) -> int:
        """The amount counted today."""
        return self._counts.get(place, 0)

    def add(self, place: Place, cost: int) -> int:
        """Count more, or less. Returns the new amount. If there are too many subjects, the oldest is evicted."""
        counts = self._counts
        count = counts.get(place)
        if count is None:
            count = 0
            if len(counts) >= self._max_subjects:
                first = next(iter(counts))
                del counts[first]
                self._changed.discard(first)
        count += cost
        counts[place] = count
        self._changed.add(place)
        return count

    def drain_changed(self) -> list[DayCount]:
        """The counts that changed since the last drain."""
        changed, self._changed = self._changed, set()
        return [
            DayCount(limit=name, subject=subject, day=self.day, count=self._counts[name, subject]) for name, subject in changed
        ]

    def mark_changed(self, rows: Iterable[DayCount]) -> None:
        """Mark counts as changed again that could not be stored."""
        here = {(row.limit, row.subject) for row in rows if row.day == self.day}
        # Subjects that were evicted since then no longer have a count to store.
        self._changed |= here & self._counts.keys()

    def restore(self, row: DayCount) -> None:
        """Add a stored count of today to what was counted before it was read."""
        if row.day == self.day:
            self.add((row.limit, row.subject), row.count)
