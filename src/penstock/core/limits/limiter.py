"""Counting against limits, exactly and in memory.

Theory of operation. A minute slides: counts are kept in slots of a quarter second, and a slot counts until a whole minute has
passed since its end. So no 60 seconds contain more than the limit, wherever they start. The price is that a count may be kept a
quarter second too long, 0.4 % of the window. Slots of a whole second would cost 1.7 %, more than the promised one per cent. Empty
slots take no memory. A day is the UTC day (`periods.py`); months are counted by `monthly.py`.

Subjects are kept in two generations. A subject that is used moves to the young one; every minute the young generation becomes the
old one, and the old one is dropped. A dropped subject was idle for a minute and has no counts, so dropping needs no search. If
too many subjects are used within a minute, the generations turn early, and the least recently used subjects lose their counts of
a minute. It is better to admit their calls than to grow or to search.

Minutes are measured on the monotonic clock, so setting the wall clock changes nothing. One process counts exactly; several would
share a counter behind this same interface. The hot path is `count`: it is written inline, because small functions took a third of
its time.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence

from penstock.core.limits.models import DayCount, Limit, State, Subject, Verdict, Window
from penstock.core.limits.periods import DayCounts, Place
from penstock.kit.clock import DAY_US, SECOND_US, Clock

SLOTS_PER_SECOND = 4
SLOTS = 60 * SLOTS_PER_SECOND
MAX_SUBJECTS = 200_000
"""For minutes, in both generations together; and the same number for days."""
AppliedLimits = Sequence[tuple[Limit, Subject]]
_MINUTE = Window.MINUTE


class _Minute:
    """Counts of one subject over the last minute: [slot, count], oldest first."""

    __slots__ = ("slots", "total")

    def __init__(self) -> None:
        self.slots: deque[list[int]] = deque()
        self.total = 0

    def forget(self, slot: int) -> None:
        """Drop counts older than a minute."""
        slots, last = self.slots, slot - SLOTS
        while slots and slots[0][0] < last:
            self.total -= slots.popleft()[1]

    def wait_s(self, now_s: float, surplus: int) -> float:
        """How long until this many of the counts have expired."""
        last = self.slots[-1][0] if self.slots else 0
        for slot, count in self.slots:
            surplus -= count
            last = slot
            if surplus <= 0:
                break
        # Plus one, because a slot counts until a minute after its end, not after its start.
        return (last + SLOTS + 1) / SLOTS_PER_SECOND - now_s


class Limiter:
    """Counts for every subject."""

    def __init__(self, clock: Clock, max_subjects: int = MAX_SUBJECTS) -> None:
        self._clock = clock
        self._monotonic = clock.monotonic
        self._room = max(max_subjects // 2, 1)
        self._young: dict[Place, _Minute] = {}
        self._old: dict[Place, _Minute] = {}
        self._turn_slot = 0
        self._today = DayCounts(max_subjects)

    def __len__(self) -> int:
        """The number of subjects with a minute in memory."""
        return len(self._young) + len(self._old)

    def count(self, applied: AppliedLimits, cost: int = 1) -> list[int] | None:
        """Count `cost` against several limits.

        Returns what remains of each; None if one is exceeded, and then nothing was counted.

        A cost above a limit's count is never admitted; the limits must differ in name or subject.
        """
        slot, today, left = int(self._monotonic() * SLOTS_PER_SECOND), None, []
        for limit, subject in applied:
            place = limit.name, subject
            if limit.window is _MINUTE:
                minute = self._young.get(place) or self._minute(place, slot)
                slots = minute.slots
                if slots and slots[0][0] < slot - SLOTS:
                    minute.forget(slot)
                used = minute.total = minute.total + cost
                if slots and slots[-1][0] == slot:
                    slots[-1][1] += cost
                else:
                    slots.append([slot, cost])
            else:
                if today is None:
                    today = self._today
                    today.turn(self._clock.now_us())
                used = today.add(place, cost)
            left.append(limit.count - used)
            # Counted before it is compared, so this limit is reverted too. Nothing else runs in between.
            if used > limit.count:
                self._revert(applied[: len(left)], cost)
                return None
        return left

    def consume(self, applied: AppliedLimits, cost: int = 1) -> Verdict:
        """As `count`, with the state of the limits, and of the exceeded one in particular."""
        return self.refusal(applied, cost) if self.count(applied, cost) is None else Verdict(self.peek(applied))

    def peek(self, applied: AppliedLimits) -> tuple[State, ...]:
        """The state of limits, without counting."""
        return tuple([self._peek(limit, subject, 0)[0] for limit, subject in applied])

    def restore(self, rows: Iterable[DayCount]) -> None:
        """Resume from stored counts, once; those of another day are ignored."""
        self._today.turn(self._clock.now_us())
        for row in rows:
            self._today.restore(row)

    def drain_changed(self) -> list[DayCount]:
        """Today's counts that changed since the last drain, to be stored for a restart."""
        self._today.turn(self._clock.now_us())
        return self._today.drain_changed()

    def mark_changed(self, rows: Iterable[DayCount]) -> None:
        """Return counts that could not be stored, so that the next drain contains them again."""
        self._today.mark_changed(rows)

    def _revert(self, applied: AppliedLimits, cost: int) -> None:
        """Revert what was counted in this call."""
        for limit, subject in applied:
            place = limit.name, subject
            if limit.window is _MINUTE:
                # Counting a later limit may have turned the generations, so the place can be in the old one.
                minute = self._young.get(place) or self._old[place]
                minute.total -= cost
                minute.slots[-1][1] -= cost
                if not minute.slots[-1][1]:
                    minute.slots.pop()
            else:
                self._today.add(place, -cost)

    def _minute(self, place: Place, slot: int) -> _Minute:
        """The counts of a place, from the old or the young generation."""
        if slot > self._turn_slot + SLOTS or len(self._young) >= self._room:
            # An idle minute and the slot it ended in are between two turns, so no counts that still apply are dropped.
            self._old, self._young = self._young, {}
            self._turn_slot = slot
        found = self._old.pop(place, None) or _Minute()
        self._young[place] = found
        return found

    def _peek(self, limit: Limit, subject: Subject, cost: int) -> tuple[State, float]:
        """The state of a limit, and how long until `cost` fits into it; 0 if it fits now.

        Creates no entry for an unknown subject.
        """
        place = limit.name, subject
        if limit.window is not _MINUTE:
            self._today.turn(self._clock.now_us())
            used, to_midnight_s = self._today.used(place), self._to_midnight_s()
            wait_s = to_midnight_s if used + cost > limit.count else 0.0
            return State(limit, max(limit.count - used, 0), to_midnight_s), wait_s
        minute = self._young.get(place) or self._old.get(place)
        if minute is None:
            # A cost above the limit is never admitted, however long the caller waits: a whole window is stated instead.
            return State(limit, limit.count, 0.0), 60.0 if cost > limit.count else 0.0
        now_s = self._monotonic()
        minute.forget(int(now_s * SLOTS_PER_SECOND))
        reset_s = (minute.slots[-1][0] + SLOTS + 1) / SLOTS_PER_SECOND - now_s if minute.slots else 0.0
        surplus = minute.total + cost - limit.count
        return State(limit, max(limit.count - minute.total, 0), reset_s), minute.wait_s(now_s, surplus) if surplus > 0 else 0.0

    def refusal(self, applied: AppliedLimits, cost: int = 1) -> Verdict:
        """The verdict if at least one limit is exceeded: the wait is for all exceeded ones."""
        states = [self._peek(limit, subject, cost) for limit, subject in applied]
        state, wait_s = max(states, key=lambda one: one[1])
        # At least a second: after a wait of 0 the caller would retry immediately.
        return Verdict(tuple([one for one, _ in states]), state, max(math.ceil(wait_s), 1))

    def _to_midnight_s(self) -> float:
        return (DAY_US - self._clock.now_us() % DAY_US) / SECOND_US
