"""Thinning, checked against the definition in exact arithmetic."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.telemetry.thin import lttb
from penstock.kit.errors import InvalidInput

unhurried = settings(deadline=None)  # a busy machine is no fault of the code

Series = tuple[list[int], list[float]]


@st.composite
def series(draw: st.DrawFn) -> Series:
    steps = draw(st.lists(st.integers(0, 10**9), min_size=draw(st.sampled_from((0, 12, 30))), max_size=60))
    times = [1_700_000_000_000_000 + sum(steps[: index + 1]) for index in range(len(steps))]
    value = st.one_of(st.floats(-1e6, 1e6), st.integers(-1000, 1000))
    return times, draw(st.lists(value, min_size=len(times), max_size=len(times)))


def area(times: list[int], values: list[float], anchor: int, index: int, after: range) -> Fraction:
    """The triangle of two points and the mean of the points `after`, by the shoelace formula."""
    mean_t = Fraction(sum(times[i] for i in after), len(after))
    mean_v = sum((Fraction(values[i]) for i in after), Fraction(0)) / len(after)
    a, b = (times[anchor], Fraction(values[anchor])), (times[index], Fraction(values[index]))
    return abs(a[0] * (b[1] - mean_v) + b[0] * (mean_v - a[1]) + mean_t * (a[1] - b[1])) / 2


@unhurried
@given(series(), st.integers(3, 12))
def test_each_bucket_gives_its_largest_triangle(data: Series, points: int) -> None:
    times, values = data
    chosen = lttb(times, values, points)
    if len(times) <= points:
        assert chosen == list(range(len(times)))
        return
    assert len(chosen) == points
    assert (chosen[0], chosen[-1]) == (0, len(times) - 1)
    every = Fraction(len(times) - 2, points - 2)
    for bucket in range(points - 2):
        own = range(int(bucket * every) + 1, int((bucket + 1) * every) + 1)
        after = range(own.stop, min(int((bucket + 2) * every) + 1, len(times)))
        if bucket == points - 3:
            after = range(len(times) - 1, len(times))
        assert chosen[bucket + 1] in own
        areas = {index: area(times, values, chosen[bucket], index, after) for index in own}
        best = max(areas.values())
        # Rounding of floats may prefer another of two nearly equal triangles, and nothing smaller.
        scale = (times[-1] - times[0] + 1) * (1 + max(abs(Fraction(value)) for value in values))
        assert best - areas[chosen[bucket + 1]] <= scale * Fraction(1, 10**12)


def test_example_by_hand() -> None:
    # Inner buckets {1, 2} and {3, 4}. From (0, 0) towards the mean (3.5, 4.5) the doubled areas of 1 and 2 are
    # |3.5·4 - 1·4.5| = 9.5 and |3.5·1 - 2·4.5| = 5.5. From (1, 4) towards (5, 0) those of 3 and 4 are |4·0 + 2·4| = 8
    # and |4·1 + 3·4| = 16.
    assert lttb([0, 1, 2, 3, 4, 5], [0, 4, 1, 4, 5, 0], 4) == [0, 1, 4, 5]
    # With 3 at 6 and 4 at 4 instead: 9 and 6.5, then |4·2 + 2·4| = 16 and |4·0 + 3·4| = 12.
    assert lttb([0, 1, 2, 3, 4, 5], [0, 4, 1, 6, 4, 0], 4) == [0, 1, 3, 5]


def test_a_spike_survives() -> None:
    values = [0.0] * 1000
    values[617] = 50.0
    assert 617 in lttb(list(range(1000)), values, 10)


def test_of_equal_triangles_the_earliest_wins() -> None:
    assert lttb([0] * 10, [1.0] * 10, 4) == [0, 1, 5, 9]


def test_no_points() -> None:
    assert lttb([], [], 3) == []


def test_integers_beyond_every_float_are_drawn_at_the_edge() -> None:
    values: list[float] = [0.0] * 20
    values[7] = 10**400
    values[13] = -(10**400)
    chosen = lttb(list(range(20)), values, 11)
    assert {7, 13} <= set(chosen)


@pytest.mark.parametrize("points", [2, 1, 0, -5])
def test_fewer_than_three_points_are_refused(points: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        lttb([1, 2], [1.0, 2.0], points)
    assert [error.field for error in caught.value.errors] == ["points"]
