"""Aggregates against a plain loop in exact arithmetic, and the rules that the loop leaves open."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import inf, isclose, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.telemetry.aggregate import FUNCTIONS, Aggregation, BucketRow
from penstock.kit.errors import InvalidInput

unhurried = settings(deadline=None)  # a busy machine is no fault of the code

Chunk = tuple[list[int], list[list[Any]]]

small_floats = st.floats(-1e12, 1e12)
VALUES: list[st.SearchStrategy[Any]] = [
    small_floats,
    st.integers(-(2**70), 2**70),
    st.one_of(small_floats, st.integers(-100, 100)),
    st.booleans(),
    st.text("abé", max_size=3),
    st.one_of(st.none(), small_floats),
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), small_floats, st.text("abé", max_size=2)),
    st.none(),
]


@st.composite
def chunks(draw: st.DrawFn) -> list[Chunk]:
    """Chunks of two columns; all ranges of times overlap, and reach beyond the edges."""
    made = []
    for _ in range(draw(st.integers(0, 4))):
        times = sorted(draw(st.lists(st.integers(-5, 45), max_size=25)))
        size = len(times)
        columns = [
            draw(st.lists(draw(st.sampled_from(VALUES)), min_size=size, max_size=size)),
            draw(st.lists(draw(st.sampled_from(VALUES)), min_size=size, max_size=size)),
        ]
        made.append((times, columns))
    return made


def run(edges: list[int], made: list[Chunk], *, include_empty: bool = True) -> list[BucketRow]:
    aggregation = Aggregation(edges, ("x", "y"), FUNCTIONS)
    for times, columns in made:
        aggregation.add(times, columns)
    return aggregation.rows(include_empty)


def one(times: list[int], values: list[Any], functions: tuple[str, ...] = FUNCTIONS) -> dict[str, Any]:
    """The aggregates of a single chunk in the single bucket [0, 100)."""
    aggregation = Aggregation([0, 100], ("x",), functions)
    aggregation.add(times, [values])
    (row,) = aggregation.rows(include_empty=True)
    return row.values["x"]


def present(made: list[Chunk], field: int, start: int, end: int) -> list[Any]:
    """The values of one field and bucket by event time, those of equal time as added."""
    found = []
    for times, columns in made:
        for time, value in zip(times, columns[field], strict=True):
            if value is not None and start <= time < end:
                found.append((time, value))
    return [value for _, value in sorted(found, key=lambda pair: pair[0])]


def check(got: dict[str, Any], values: list[Any]) -> None:
    numbers = [value for value in values if type(value) in (int, float)]
    assert got["count"] == len(values)
    if not values:
        assert {name: got[name] for name in FUNCTIONS if name != "count"} == dict.fromkeys(
            ("avg", "min", "max", "sum", "first", "last")
        )
        return
    assert (type(got["first"]), got["first"]) == (type(values[0]), values[0])
    assert (type(got["last"]), got["last"]) == (type(values[-1]), values[-1])
    if not numbers:
        assert got["min"] is got["max"] is got["sum"] is got["avg"] is None
        return
    low = high = numbers[0]
    total = Fraction(0)
    for number in numbers:
        low = number if number < low else low
        high = number if number > high else high
        total += Fraction(number)
    assert (got["min"], got["max"]) == (low, high)
    slack = float(sum(abs(Fraction(number)) for number in numbers)) * 1e-14
    if all(type(number) is int for number in numbers):
        assert type(got["sum"]) is int
        assert got["sum"] == total
    else:
        assert type(got["sum"]) is float
        assert isclose(got["sum"], total, rel_tol=1e-14, abs_tol=slack)
    assert type(got["avg"]) is float
    assert isclose(got["avg"], total / len(numbers), rel_tol=1e-14, abs_tol=slack)


@unhurried
@given(chunks(), st.lists(st.integers(0, 40), min_size=2, max_size=9, unique=True).map(sorted))
def test_agrees_with_a_plain_loop(made: list[Chunk], edges: list[int]) -> None:
    rows = run(edges, made)
    assert [(row.start_us, row.end_us) for row in rows] == list(pairwise(edges))
    for row in rows:
        for field, name in enumerate(("x", "y")):
            check(row.values[name], present(made, field, row.start_us, row.end_us))


@unhurried
@given(chunks())
def test_empty_buckets_are_left_out_unless_wanted(made: list[Chunk]) -> None:
    edges = list(range(0, 45, 5))
    every = run(edges, made)
    filled = [row for row in every if any(row.values[name]["count"] for name in ("x", "y"))]
    assert run(edges, made, include_empty=False) == filled


def test_an_example() -> None:
    aggregation = Aggregation([0, 10, 20, 30], ("t", "on"), ("avg", "count", "last"))
    aggregation.add([1, 9, 10, 29], [[20, 21.5, None, 3], [None, True, False, None]])
    assert aggregation.rows(include_empty=False) == [
        BucketRow(
            start_us=0,
            end_us=10,
            values={
                "t": {"avg": 20.75, "count": 2, "last": 21.5},
                "on": {"avg": None, "count": 1, "last": True},
            },
        ),
        BucketRow(
            start_us=10,
            end_us=20,
            values={"t": {"avg": None, "count": 0, "last": None}, "on": {"avg": None, "count": 1, "last": False}},
        ),
        BucketRow(
            start_us=20,
            end_us=30,
            values={"t": {"avg": 3.0, "count": 1, "last": 3}, "on": {"avg": None, "count": 0, "last": None}},
        ),
    ]


def test_ties_keep_the_earliest_added_as_first_and_the_latest_as_last() -> None:
    aggregation = Aggregation([0, 10], ("x",), ("first", "last"))
    for values in (["b", "c"], ["a", "d"]):
        aggregation.add([5, 5], [values])
    (row,) = aggregation.rows(include_empty=False)
    assert row.values["x"] == {"first": "b", "last": "d"}


def test_an_older_chunk_added_later_gives_the_first() -> None:
    aggregation = Aggregation([0, 10], ("x",), ("first", "last"))
    aggregation.add([5, 6], [[50, 60]])
    aggregation.add([1, 2], [[10, 20]])
    (row,) = aggregation.rows(include_empty=False)
    assert row.values["x"] == {"first": 10, "last": 60}


def test_a_float_elsewhere_does_not_change_a_sum_of_integers() -> None:
    aggregation = Aggregation([0, 10, 20], ("x",), ("sum",))
    aggregation.add([1, 2, 11], [[2**60, 1, 0.5]])
    sums = [row.values["x"]["sum"] for row in aggregation.rows(include_empty=False)]
    assert sums == [2**60 + 1, 0.5]
    assert [type(value) for value in sums] == [int, float]


def test_the_sum_of_a_chunk_is_rounded_once() -> None:
    assert one([1] * 10, [0.1] * 10)["sum"] == 1.0
    assert one([1, 2, 3], [1e16, 1.0, -1e16])["sum"] == 1.0


@pytest.mark.parametrize("values", [[1e308, 1e308], [1e308, 10**308, 1.5e308], [10**400], [10**400, 0.5], [-1e308] * 3])
def test_overflow_gives_none(values: list[Any]) -> None:
    got = one(list(range(len(values))), values)
    assert got["sum"] is None
    assert got["avg"] is None
    assert (got["min"], got["max"], got["count"]) == (min(values), max(values), len(values))


def test_overflow_over_chunks_gives_none() -> None:
    aggregation = Aggregation([0, 10], ("x",), ("sum", "avg", "count"))
    for value in (1e308, 1e308, -1e308, -(10**309), 2.5):
        aggregation.add([1, 2], [[value, value]])
    (row,) = aggregation.rows(include_empty=False)
    assert row.values["x"] == {"sum": None, "avg": None, "count": 10}


def test_floats_that_are_not_finite_are_absent() -> None:
    values = [nan, 2.0, inf, 4.0, -inf]
    got = one([1, 2, 3, 4, 5], values)
    assert got == {"avg": 3.0, "min": 2.0, "max": 4.0, "sum": 6.0, "count": 2, "first": 2.0, "last": 4.0}
    assert one([1], [nan])["count"] == 0


def test_a_list_or_object_is_absent() -> None:
    assert one([1, 2, 3], [[1], 5, {"a": 1}])["count"] == 1


def test_only_the_functions_asked_for_in_their_order() -> None:
    got = one([1, 2], [1, 2], ("last", "count"))
    assert list(got.items()) == [("last", 2), ("count", 2)]


@pytest.mark.parametrize("edges", [[], [5]])
def test_no_bucket(edges: list[int]) -> None:
    assert run(edges, [([1, 5], [[1, 2], [3, 4]])]) == []


def test_unknown_function() -> None:
    with pytest.raises(InvalidInput, match="median") as caught:
        Aggregation([0, 1], ("x",), ("avg", "median"))
    assert [error.field for error in caught.value.errors] == ["functions"]


def test_columns_must_match_the_fields() -> None:
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        Aggregation([0, 9], ("x", "y"), ("avg",)).add([1], [[1.0]])
