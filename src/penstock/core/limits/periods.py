"""The UTC day and the calendar month (UTC), and counts over the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from penstock.core.limits.models import DayCount, Subject
from penstock.kit.clock import DAY_US, SECOND_US

Place = tuple[str, Subject]
"""Limit and subject."""


def month_of(now_us: int) -> tuple[int, int]:
    """The calendar month in UTC that a moment lies in: its begin and the begin of the next."""
    now = datetime.fromtimestamp(now_us // SECOND_US, UTC)
    begin = datetime(now.year, now.month, 1, tzinfo=UTC)
    end = (begin + timedelta(days=31)).replace(day=1)
    return int(begin.timestamp()) * SECOND_US, int(end.timestamp()) * SECOND_US


class DayCounts:
    """Counts over the UTC day, of the current one only.

    The wall clock decides which that is. When it is set to another day, counting begins anew: a clock that was wrong for a
    moment must not keep anybody out until the time it showed.
    """

    __slots__ = ("_changed", "_counts", "_max_subjects", "day")

    def __init__(self, max_subjects: int) -> None:
        self._max_subjects = max_subjects
        self._counts: dict[Place, int] = {}
        self._changed: set[Place] = set()
        self.day = -1
        """Days since 1970."""

    def turn(self, now_us: int) -> None:
        """Begin anew when the day is over. To be called before the counts are used."""
        if now_us // DAY_US != self.day:
            self.day = now_us // DAY_US
            self._counts.clear()
            self._changed.clear()

    def used(self, place: Place) -> int:
        """What was counted today."""
        return self._counts.get(place, 0)

    def add(self, place: Place, cost: int) -> int:
        """Count more, or less; what it comes to. When there are too many subjects, the one that came first is forgotten."""
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

    def take_changed(self) -> list[DayCount]:
        """The counts that changed since the last time."""
        changed, self._changed = self._changed, set()
        return [
            DayCount(limit=name, subject=subject, day=self.day, count=self._counts[name, subject]) for name, subject in changed
        ]

    def give_back(self, rows: Iterable[DayCount]) -> None:
        """Take note that these were not written down after all."""
        here = {(row.limit, row.subject) for row in rows if row.day == self.day}
        self._changed |= here & self._counts.keys()

    def restore(self, row: DayCount) -> None:
        """Add a count that was kept, if it is of today: what was counted before it was read stays."""
        if row.day == self.day:
            self.add((row.limit, row.subject), row.count)
