"""Days that are known, usual or estimated, and what they add up to."""

from __future__ import annotations

from penstock.core.meters.consumption import MISSING, OUTSIDE, estimated, in_buckets, usual_day
from penstock.core.meters.models import BucketAmount, Day, Method, Quality


def measured(*amounts: int) -> list[Day]:
    return [Day(amount, Quality.MEASURED) for amount in amounts]


def test_days_without_readings_since_are_usual_ones() -> None:
    days = [*measured(1, 0, 3, 2), MISSING, Day(None, Quality.MISSING, suspects=3), OUTSIDE, MISSING]
    assert usual_day(days) == 2, "a day of standing still is none of its usual ones"
    usual = Day(2, Quality.ESTIMATED, Method.USUAL_DAY)
    assert estimated(days, until=7)[4:] == [usual, Day(2, Quality.ESTIMATED, Method.USUAL_DAY, 3), OUTSIDE, MISSING]
    assert estimated([MISSING], until=1) == [MISSING]
    still = [*measured(0, 0), MISSING]
    assert estimated(still, until=3) == still


def test_buckets_say_what_is_in_them() -> None:
    days = [
        Day(5, Quality.PARTIAL, suspects=1),
        Day(7, Quality.INTERPOLATED, Method.LINEAR),
        Day(9, Quality.ESTIMATED, Method.USUAL_DAY),
        MISSING,
        OUTSIDE,
        OUTSIDE,
    ]
    first, second = in_buckets(days, [0, 1, 2, 3, 4, 5, 6], [0, 5, 6])
    assert first == BucketAmount(
        start_us=0,
        end_us=5,
        amount=21,
        not_measured=16,
        worst=Quality.ESTIMATED,
        days=4,
        missing_days=1,
        suspects=1,
        methods=(Method.LINEAR, Method.USUAL_DAY),
    )
    assert (second.amount, second.days, second.missing_days, second.worst) == (None, 0, 0, Quality.MISSING)
