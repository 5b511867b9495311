"""Days of consumption: what is usual, what is estimated, and how days make buckets. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise

import msgspec

from penstock.core.meters.models import SEEN, WORSE, BucketAmount, Day, Method, Quality

Point = tuple[int, int]
"""Event time, and what flowed since the first point (nano-units)."""
MISSING = Day(None, Quality.MISSING)
OUTSIDE = Day(None, Quality.MISSING, applies=False)
"""A day that does not count for the asker."""
USUAL_DAYS = 30
PROFILE_DAYS = 15
"""The days before a gap, and after it, that make up its profile."""

MOST_PROFILED = 21
"""The longest gap, in days, that is filled by a profile: what is around a longer one tells little of it."""


def usual_day(days: Sequence[Day]) -> int | None:
    """The usual consumption of a day: the median of the measured days with consumption, of the last 30."""
    from statistics import median  # here, because the import takes 2 ms, which would delay the server's start

    taken = [day.amount for day in days[-USUAL_DAYS:] if day.quality is Quality.MEASURED and day.amount]
    return round(median(taken)) if taken else None


def estimated(days: Sequence[Day], until: int, rounded: Callable[[int], int] = round) -> list[Day]:
    """The days, with a usual day for each one after the last known day and before `until`.

    `rounded` rounds what flowed since the last known day to what is shown of it.
    """
    last = max((n for n, day in enumerate(days) if day.amount is not None), default=None)
    usual = None if last is None else usual_day(days[: last + 1])
    if last is None or usual is None:
        return list(days)

    def usual_on(day: Day, number: int) -> Day:
        amount = rounded(number * usual) - rounded((number - 1) * usual)
        return msgspec.structs.replace(day, amount=amount, quality=Quality.ESTIMATED, method=Method.USUAL_DAY)

    return [usual_on(day, n - last) if last < n < until and day.applies else day for n, day in enumerate(days)]


def in_buckets(days: Sequence[Day], day_edges: Sequence[int], edges: Sequence[int]) -> list[BucketAmount]:
    """Sum days into buckets. Each edge of a bucket is one of a day."""
    return [
        _bucket(days[bisect_left(day_edges, begin_us) : bisect_left(day_edges, end_us)], begin_us, end_us)
        for begin_us, end_us in pairwise(edges)
    ]


def _bucket(days: Sequence[Day], begin_us: int, end_us: int) -> BucketAmount:
    applying = [day for day in days if day.applies]
    known = [day for day in applying if day.amount is not None]
    measured = sum(day.amount or 0 for day in known if day.quality in SEEN)
    total = sum(day.amount or 0 for day in known)
    return BucketAmount(
        start_us=begin_us,
        end_us=end_us,
        amount=total if known else None,
        not_measured=total - measured,
        worst=max((day.quality for day in known), key=WORSE.index, default=Quality.MISSING),
        days=len(applying),
        missing_days=len(applying) - len(known),
        suspects=sum(day.suspects for day in days),
        methods=tuple(sorted({day.method for day in known if day.method is not None})),
    )
