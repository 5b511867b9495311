"""Consumption from the readings of a cumulative counter. Pure.

Theory of operation. A step is the difference between one reading and the next. It belongs to the day of its later reading,
because the consumption of a day is its last reading minus the last reading of the day before. If there are days without a reading
in between, the step is distributed evenly over them and the day that ends it, and all of these are `interpolated`: so there are
no spikes, and nothing is lost. The days of a range always add up to the difference of the counter.

A counter that falls either reached its maximum and restarted (a roll-over, whose step goes through the maximum) or was replaced
(a reset). The consumption around a reset is unknown: its step counts as nothing, and an event reports it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from penstock.core.meters.models import MAX_COUNTER, MICRO, SEEN, WORSE, BucketAmount, Day, EventKind, MeterEvent, Quality

Point = tuple[int, int]
"""Event time and counter (micro-units)."""
MIN_DETECTED = 10_000
"""In the meter's unit. Counters with fewer digits do not exist, so a fall from below this is a reset."""
MISSING = Day(None, Quality.MISSING)
USUAL_DAYS = 30


def to_counter(value: object) -> int | None:
    """A reading's value as a counter; None if it is not one."""
    # The exact type, because a bool is an int as well. NaN fails the comparison.
    kind = type(value)
    if (kind is not float and kind is not int) or not 0 <= value < MAX_COUNTER:  # type: ignore[operator]
        return None
    return round(value * MICRO)  # type: ignore[operator]


def in_order(points: Iterable[Point]) -> list[Point]:
    """Points by time, one for each time, the highest. The result does not depend on the order of the input."""
    # A dict keeps the last value of a time, which is the highest after sorting.
    return list(dict(sorted(points)).items())


def step(before: int, after: int, rolls_over_at: int | None) -> tuple[int, EventKind | None, bool]:
    """The consumption between two readings, what happened to the counter, and whether that is a guess."""
    if after >= before:
        return after - before, None, False
    top = rolls_over_at * MICRO if rolls_over_at is not None else _guessed_top(before)
    through = top - before + after
    # With a guessed maximum the distance must be far shorter: otherwise a replaced meter would count as a roll-over. A counter
    # that was already above the configured maximum cannot have restarted there.
    if before < top and 0 <= through <= top // (2 if rolls_over_at is not None else 50):
        return through, EventKind.ROLLOVER, rolls_over_at is None
    return 0, EventKind.RESET, False


def _guessed_top(before: int) -> int:
    top = MIN_DETECTED * MICRO
    while top <= before:
        top *= 10
    return top


def by_day(points: Sequence[Point], edges: Sequence[int], rolls_over_at: int | None) -> tuple[list[Day], list[MeterEvent]]:
    """The days between edges, and the events of the counter.

    Shape: points in order, all of them between the first and the last edge. Day n is [edges[n], edges[n + 1]).
    """
    amounts = [0] * (len(edges) - 1)
    known = [Quality.MISSING] * len(amounts)
    events: list[MeterEvent] = []
    last = bisect_right(edges, points[0][0]) - 1 if points else 0
    for (_, earlier), (time_us, counter) in pairwise(points):
        amount = counter - earlier
        if amount < 0:
            amount, kind, detected = step(earlier, counter, rolls_over_at)
            assert kind is not None
            events.append(MeterEvent(kind=kind, at_us=time_us, before=earlier, after=counter, detected=detected))
        # Most readings are from the day of the one before; they need no search.
        day = last if time_us < edges[last + 1] else bisect_right(edges, time_us, last + 1) - 1
        if day <= last + 1:
            amounts[day] += amount
            if known[day] is Quality.MISSING:
                # If the first step of a day starts on the same day, the consumption before its first reading is unknown.
                known[day] = Quality.PARTIAL if day == last else Quality.MEASURED
        else:
            _spread(amount, last + 1, day, edges, amounts)
            known[last + 1 : day + 1] = [Quality.INTERPOLATED] * (day - last)
        last = day
    return [Day(amounts[n], quality) if quality is not Quality.MISSING else MISSING for n, quality in enumerate(known)], events


def _spread(amount: int, first: int, last: int, edges: Sequence[int], amounts: list[int]) -> None:
    """Distribute an amount over days in proportion to their length; the shares add up to it."""
    begin_us, length_us, shared = edges[first], edges[last + 1] - edges[first], 0
    for day in range(first, last + 1):
        # Each share is the difference of two rounded sums, so that rounding neither loses nor adds anything.
        so_far = amount * (edges[day + 1] - begin_us) // length_us
        amounts[day] += so_far - shared
        shared = so_far


def usual_day(days: Sequence[Day]) -> int | None:
    """The usual consumption of a day: the median of the measured days with consumption, of the last 30."""
    from statistics import median  # here, because the import takes 2 ms, which would delay the server's start

    taken = [day.amount for day in days[-USUAL_DAYS:] if day.quality is Quality.MEASURED and day.amount]
    return round(median(taken)) if taken else None


def estimated(days: Sequence[Day], until: int) -> list[Day]:
    """The days, with a usual day for each one after the last known day and before `until`."""
    last = max((n for n, day in enumerate(days) if day.amount is not None), default=None)
    if last is None:
        return list(days)
    usual = usual_day(days[: last + 1])
    estimate = MISSING if usual is None else Day(usual, Quality.ESTIMATED)
    return [estimate if last < n < until else day for n, day in enumerate(days)]


def in_buckets(days: Sequence[Day], day_edges: Sequence[int], edges: Sequence[int]) -> list[BucketAmount]:
    """Sum days into buckets. Each edge of a bucket is one of a day."""
    return [
        _bucket(days[bisect_left(day_edges, begin_us) : bisect_left(day_edges, end_us)], begin_us, end_us)
        for begin_us, end_us in pairwise(edges)
    ]


def _bucket(days: Sequence[Day], begin_us: int, end_us: int) -> BucketAmount:
    known = [day for day in days if day.amount is not None]
    measured = sum(day.amount or 0 for day in known if day.quality in SEEN)
    total = sum(day.amount or 0 for day in known)
    return BucketAmount(
        start_us=begin_us,
        end_us=end_us,
        amount=total if known else None,
        not_measured=total - measured,
        worst=max((day.quality for day in known), key=WORSE.index, default=Quality.MISSING),
        days=len(days),
        missing_days=len(days) - len(known),
    )
