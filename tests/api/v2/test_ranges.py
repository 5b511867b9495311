"""The range of a query: `from` and `to`, or a length that ends at `to`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from penstock.api.v2.ranges import parse_moment, parse_range
from penstock.kit.clock import DAY_US, HOUR_US, MIN_US, parse_time
from penstock.kit.errors import InvalidInput
from tests.support.days import NOON_US, HeldClock

NOON = "2026-05-02T12:00:00Z"


def asked(begin: str | None = None, to: str | None = None, length: str | None = None) -> Any:
    return SimpleNamespace(from_=begin, to=to, range=length)


@pytest.mark.parametrize(
    ("query", "begin_us", "end_us"),
    [
        (asked(), NOON_US + 1 - DAY_US, NOON_US + 1),
        (asked(to=NOON), NOON_US - DAY_US, NOON_US),
        (asked(length="1h"), NOON_US + 1 - HOUR_US, NOON_US + 1),
        (asked(to=NOON, length="1h"), NOON_US - HOUR_US, NOON_US),
        (asked(begin="2026-05-02T11:00:00Z"), NOON_US - HOUR_US, NOON_US + 1),
        (asked(begin=NOON, to=NOON), NOON_US, NOON_US),
    ],
)
def test_what_a_query_means(query: Any, begin_us: int, end_us: int) -> None:
    found = parse_range(query, HeldClock())
    assert (found.from_us, found.to_us) == (begin_us, end_us)


def test_a_length_does_not_reach_before_time() -> None:
    assert parse_range(asked(to="1970-01-01T00:00:01Z", length="30d"), HeldClock()).from_us >= MIN_US


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (asked(begin=NOON, length="1h"), "range"),
        (asked(begin="2026-05-02T12:00:01Z", to=NOON), "to"),
        (asked(begin="2026-05-03T12:00:00Z"), "to"),
        (asked(begin="noon"), "from"),
        (asked(to="noon"), "to"),
        (asked(length="much"), "range"),
    ],
)
def test_what_means_nothing_is_named(query: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_range(query, HeldClock())
    assert refused.value.errors[0].field == field


def test_digits_are_epoch_seconds_or_milliseconds() -> None:
    assert parse_moment("1777723200", "to") == parse_moment("1777723200000", "to") == parse_time(NOON)
    with pytest.raises(InvalidInput):
        parse_moment("1" * 16, "to")
