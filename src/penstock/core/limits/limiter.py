"""Counting against limits, exactly and in memory.

Theory of operation. A minute slides: what was counted is kept in slots of a quarter second, and counts until a whole minute
has passed since the end of its slot. So no stretch of 60 seconds anywhere, edges included, holds more than the limit; the
price is that a count may be kept a quarter second too long, 0.4 % of the window. A whole second would cost 1.7 %, more than
the one per cent that is promised. Slots that hold nothing take no memory. A day is that of UTC (`periods.py`); months are
counted by `monthly.py`.

Subjects are kept in two generations. One that is asked for moves to the young one; every minute the young one becomes the old
one, and the old one is dropped. What is dropped was idle for a minute and holds nothing, so that forgetting costs no search.
Should more subjects than there is room for come within a minute, the generations turn early: of those that were asked for
least recently, a minute is forgotten. It is better to let those pass than to grow or to search.

Minutes are measured on the monotonic clock: setting the wall clock changes nothing. One process counts exactly; several
would share a counter behind this same interface. The hot path is `count`: it is written out where small functions would read
better, as they were a third of its time.
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
"""Of minutes, in both generations together; and as many of days."""
Wanted = Sequence[tuple[Limit, Subject]]
_MINUTE = Window.MINUTE


class _Minute:
    """Counts of one subject over the last minute: [slot, count], oldest first."""

    __slots__ = ("slots", "total")

    def __init__(self) -> None:
        self.slots: deque[list[int]] = deque()
        self.total = 0

    def forget(self, slot: int) -> None:
        """Drop what is older than a minute."""
        slots, last = self.slots, slot - SLOTS
        while slots and slots[0][0] < last:
            self.total -= slots.popleft()[1]

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

    def __init__(self, clock: Clock, max_subjects: int = MAX_SUBJECTS) -> None:
        self._clock = clock
        self._monotonic = clock.monotonic
        self._room = max(max_subjects // 2, 1)
        self._young: dict[Place, _Minute] = {}
        self._old: dict[Place, _Minute] = {}
        self._turn_slot = 0
        self._today = DayCounts(max_subjects)

    def __len__(self) -> int:
        """How many subjects' minutes are in memory."""
        return len(self._young) + len(self._old)

    def count(self, wanted: Wanted, cost: int = 1) -> list[int] | None:
        """Count `cost` against several limits: what is left of each; None if one is used up, and then nothing was counted.

        A cost above a limit's count never passes; wanted limits must differ in name or subject.
        """
        slot, today, left = int(self._monotonic() * SLOTS_PER_SECOND), None, []
        for limit, subject in wanted:
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
            if used > limit.count:
                self._take_back(wanted[: len(left)], cost)
                return None
        return left

    def take(self, wanted: Wanted, cost: int = 1) -> Verdict:
        """As `count`, with all that is known of the limits, above all of the one that is in the way."""
        return self.refusal(wanted, cost) if self.count(wanted, cost) is None else Verdict(self.look(wanted))

    def look(self, wanted: Wanted) -> tuple[State, ...]:
        """The state of limits, without counting."""
        return tuple([self._look(limit, subject, 0)[0] for limit, subject in wanted])

    def restore(self, rows: Iterable[DayCount]) -> None:
        """Go on with counts that were kept, once; those of another day are of no use."""
        self._today.turn(self._clock.now_us())
        for row in rows:
            self._today.restore(row)

    def take_changed(self) -> list[DayCount]:
        """The counts of today that changed since the last time, to be kept over a restart."""
        self._today.turn(self._clock.now_us())
        return self._today.take_changed()

    def give_back(self, rows: Iterable[DayCount]) -> None:
        """Take note that these counts could not be kept, so that the next time has them again."""
        self._today.give_back(rows)

    def _take_back(self, wanted: Wanted, cost: int) -> None:
        """Undo what was counted just now."""
        for limit, subject in wanted:
            place = limit.name, subject
            if limit.window is _MINUTE:
                minute = self._young.get(place) or self._old[place]
                minute.total -= cost
                minute.slots[-1][1] -= cost
                if not minute.slots[-1][1]:
                    minute.slots.pop()
            else:
                self._today.add(place, -cost)

    def _minute(self, place: Place, slot: int) -> _Minute:
        """The counts of a place, from the old generation or new."""
        if slot > self._turn_slot + SLOTS or len(self._young) >= self._room:
            # An idle minute and the slot it ended in lie between two turns, so nothing that still counts is dropped.
            self._old, self._young = self._young, {}
            self._turn_slot = slot
        found = self._old.pop(place, None) or _Minute()
        self._young[place] = found
        return found

    def _look(self, limit: Limit, subject: Subject, cost: int) -> tuple[State, float]:
        """The state of a limit, and how long until `cost` fits into it; 0 when it does. Keeps nothing of who is not there."""
        place = limit.name, subject
        if limit.window is not _MINUTE:
            self._today.turn(self._clock.now_us())
            used, to_midnight_s = self._today.used(place), self._to_midnight_s()
            wait_s = to_midnight_s if used + cost > limit.count else 0.0
            return State(limit, max(limit.count - used, 0), to_midnight_s), wait_s
        minute = self._young.get(place) or self._old.get(place)
        if minute is None:
            return State(limit, limit.count, 0.0), 60.0 if cost > limit.count else 0.0
        now_s = self._monotonic()
        minute.forget(int(now_s * SLOTS_PER_SECOND))
        reset_s = (minute.slots[-1][0] + SLOTS + 1) / SLOTS_PER_SECOND - now_s if minute.slots else 0.0
        surplus = minute.total + cost - limit.count
        return State(limit, max(limit.count - minute.total, 0), reset_s), minute.wait_s(now_s, surplus) if surplus > 0 else 0.0

    def refusal(self, wanted: Wanted, cost: int = 1) -> Verdict:
        """The verdict when at least one limit has no room: the wait is for all that have none."""
        looked = [self._look(limit, subject, cost) for limit, subject in wanted]
        state, wait_s = max(looked, key=lambda one: one[1])
        return Verdict(tuple([one for one, _ in looked]), state, max(math.ceil(wait_s), 1))

    def _to_midnight_s(self) -> float:
        return (DAY_US - self._clock.now_us() % DAY_US) / SECOND_US
