"""Counting against limits, exactly and in memory.

Theory of operation. A minute slides: what was counted is kept in slots of a quarter second, and counts until a whole minute
has passed since the end of its slot. So no stretch of 60 seconds anywhere, edges included, holds more than the limit; the
price is that a count may be kept a quarter second too long. Slots that hold nothing take no memory. A day is the UTC day.

Minutes are measured on the monotonic clock: setting the wall clock changes nothing. One process counts exactly; several
would share a counter behind this same interface.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from penstock.core.limits.models import Limit, State, Verdict, Window
from penstock.kit.clock import DAY_US, SECOND_US, Clock

SLOTS_PER_SECOND = 4
SLOTS = 60 * SLOTS_PER_SECOND
MAX_SUBJECTS = 200_000
Subject = int | str
Wanted = Sequence[tuple[Limit, Subject]]


class _Minute:
    """Counts of one subject over the last minute: (slot, count), oldest first."""

    __slots__ = ("slots", "total")

    def __init__(self) -> None:
        self.slots: deque[list[int]] = deque()
        self.total = 0

    def forget(self, slot: int) -> None:
        slots = self.slots
        while slots and slots[0][0] < slot - SLOTS:
            self.total -= slots.popleft()[1]

    def add(self, slot: int, cost: int) -> None:
        if self.slots and self.slots[-1][0] == slot:
            self.slots[-1][1] += cost
        else:
            self.slots.append([slot, cost])
        self.total += cost

    def wait_s(self, now_s: float, surplus: int) -> float:
        """How long until so many of the counts are forgotten."""
        last = self.slots[-1][0] if self.slots else 0
        for slot, count in self.slots:
            surplus -= count
            last = slot
            if surplus <= 0:
                break
        return (last + SLOTS + 1) / SLOTS_PER_SECOND - now_s


class Limiter:
    """Counts for every subject."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minutes: dict[tuple[str, Subject], _Minute] = {}
        self._days: dict[tuple[str, Subject], int] = {}
        self._day = 0

    def take(self, wanted: Wanted, cost: int = 1) -> Verdict:
        """Count `cost` against several limits, or against none of them if one is used up."""
        now_s = self._clock.monotonic()
        self._turn_day()
        slot = int(now_s * SLOTS_PER_SECOND)
        for limit, subject in wanted:
            if self._used(limit, subject, slot) + cost > limit.count:
                return self._refused(limit, subject, cost, now_s)
        for limit, subject in wanted:
            self._count(limit, subject, slot, cost)
        return Verdict(self._states(wanted, now_s))

    def look(self, wanted: Wanted) -> tuple[State, ...]:
        """The state of limits, without counting."""
        now_s = self._clock.monotonic()
        self._turn_day()
        for limit, subject in wanted:
            self._used(limit, subject, int(now_s * SLOTS_PER_SECOND))
        return self._states(wanted, now_s)

    def days(self) -> tuple[int, dict[tuple[str, Subject], int]]:
        """The day (number since 1970, UTC) and its counts, to be kept over a restart."""
        self._turn_day()
        return self._day, dict(self._days)

    def restore(self, day: int, counts: dict[tuple[str, Subject], int]) -> None:
        """Go on with counts that were kept; those of another day are of no use."""
        self._turn_day()
        if day == self._day:
            self._days.update(counts)

    def _turn_day(self) -> None:
        day = self._clock.now_us() // DAY_US
        if day != self._day:
            self._day = day
            self._days.clear()

    def _minute(self, limit: Limit, subject: Subject) -> _Minute:
        key = (limit.name, subject)
        found = self._minutes.get(key)
        if found is None:
            if len(self._minutes) >= MAX_SUBJECTS:
                self._forget_idle()
            found = self._minutes[key] = _Minute()
        return found

    def _forget_idle(self) -> None:
        slot = int(self._clock.monotonic() * SLOTS_PER_SECOND)
        for minute in self._minutes.values():
            minute.forget(slot)
        self._minutes = {key: minute for key, minute in self._minutes.items() if minute.total}
        if len(self._minutes) >= MAX_SUBJECTS:
            self._minutes.clear()  # so many at once is an attack; better to begin anew than to grow

    def _used(self, limit: Limit, subject: Subject, slot: int) -> int:
        if limit.window is Window.DAY:
            return self._days.get((limit.name, subject), 0)
        minute = self._minute(limit, subject)
        minute.forget(slot)
        return minute.total

    def _count(self, limit: Limit, subject: Subject, slot: int, cost: int) -> None:
        if limit.window is Window.DAY:
            key = (limit.name, subject)
            self._days[key] = self._days.get(key, 0) + cost
        else:
            self._minute(limit, subject).add(slot, cost)

    def _states(self, wanted: Wanted, now_s: float) -> tuple[State, ...]:
        return tuple([self._state(limit, subject, now_s) for limit, subject in wanted])

    def _state(self, limit: Limit, subject: Subject, now_s: float) -> State:
        if limit.window is Window.DAY:
            used = self._days.get((limit.name, subject), 0)
            return State(limit, max(limit.count - used, 0), self._to_midnight_s())
        minute = self._minutes[limit.name, subject]
        reset_s = (minute.slots[-1][0] + SLOTS + 1) / SLOTS_PER_SECOND - now_s if minute.slots else 0.0
        return State(limit, max(limit.count - minute.total, 0), reset_s)

    def _refused(self, limit: Limit, subject: Subject, cost: int, now_s: float) -> Verdict:
        state = self._state(limit, subject, now_s)
        if limit.window is Window.DAY:
            wait_s = self._to_midnight_s()
        else:
            minute = self._minutes[limit.name, subject]
            wait_s = minute.wait_s(now_s, minute.total + cost - limit.count)
        return Verdict((state,), state, max(math.ceil(wait_s), 1))

    def _to_midnight_s(self) -> float:
        return (DAY_US - self._clock.now_us() % DAY_US) / SECOND_US
