"""Times from outside: read as `datetime` reads them, where both do, and never with an exception of another kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.kit.clock import (
    AHEAD_US,
    DAY_US,
    MAX_US,
    SECOND_US,
    SystemClock,
    format_day,
    format_seconds,
    format_time,
    later,
    parse_time,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFSETS = st.integers(-(23 * 60 + 59), 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1970, 1, 3), datetime(2099, 12, 28), timezones=OFFSETS)  # noqa: DTZ001  (it wants bare ones)


def in_us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


@given(MOMENTS, st.sampled_from(["T", "t", " "]), st.sampled_from([None, 0, 3, 6]))
def test_rfc_3339_is_read_as_datetime_reads_it(moment: datetime, between: str, digits: int | None) -> None:
    spec = {None: "auto", 0: "seconds", 3: "milliseconds", 6: "microseconds"}[digits]
    text = moment.isoformat(sep=between, timespec=spec)
    assert parse_time(text) == in_us(datetime.fromisoformat(text))


@given(st.integers(0, MAX_US - 1))
def test_what_is_written_is_read_again(us: int) -> None:
    assert parse_time(format_time(us)) == us
    assert parse_time(format_seconds(us)) == us - us % SECOND_US
    assert format_time(us).startswith(format_day(us))
    assert datetime.fromisoformat(format_time(us)) == EPOCH + timedelta(microseconds=us)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:00z", 0),
        ("1970-01-01T02:00:00+02:00", 0),
        ("1969-12-31T22:30:00-01:30", 0),
        ("2026-05-02T09:15:04Z", 1_777_713_304_000_000),
        ("2026-05-02T09:15:04.1Z", 1_777_713_304_100_000),
        ("2026-05-02T09:15:04.123456789Z", 1_777_713_304_123_456),
        ("2026-05-02T09:15:04-00:00", 1_777_713_304_000_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ("2017-01-01T00:59:60+01:00", 1_483_228_800_000_000),
        ("2016-12-31T23:59:60.5Z", 1_483_228_800_500_000),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000_000),
        ("2099-12-31T23:59:59.999999Z", MAX_US - 1),
    ],
)
def test_examples(text: str, wanted: int) -> None:
    assert parse_time(text) == wanted


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        (0, 0),
        (1, SECOND_US),
        (1_777_713_304, 1_777_713_304_000_000),
        (1_777_713_304.25, 1_777_713_304_250_000),
        (1_777_713_304_120, 1_777_713_304_120_000),
        (1_777_713_304_120.5, 1_777_713_304_120_500),
        (4_102_444_799, MAX_US - SECOND_US),
        (99_999_999_999, None),
        (100_000_000_000, 100_000_000 * 1_000_000),
        (4_102_444_799_999, MAX_US - 1_000),
    ],
)
def test_epoch_seconds_and_milliseconds_are_told_apart(number: float, wanted: int | None) -> None:
    if wanted is None:
        with pytest.raises(ValueError, match="1970"):
            parse_time(number)
    else:
        assert parse_time(number) == wanted


WRONG: list[Any] = [
    "",
    "now",
    "2026-05-02",
    "2026-05-02T09:15:04",
    "2026-05-02T09:15Z",
    "2026-05-02T09:15:04.Z",
    "2026-05-02T09:15:04.1234567890Z",
    "2026-5-2T9:15:04Z",
    "2026-05-02T24:00:00Z",
    "2026-05-02T09:60:00Z",
    "2026-05-02T09:15:61Z",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59",
    "10000-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00+00:01",
    "2100-01-01T00:00:00Z",
    "2099-12-31T23:59:60Z",
    "2026-05-02T09:15:04+24:00",
    "2026-05-02T09:15:04+02:60",
    "2026-05-02T09:15:04+0200",
    "2026-05-02T09:15:04 +02:00",
    "2026-05-02T09:15:04Z\n",
    " 2026-05-02T09:15:04Z",
    "２０２６-05-02T09:15:04Z",
    "٢٠٢٦-05-02T09:15:04Z",
    "2026-05-02T09:15:04Z\0",
    "1777713304",
    -1,
    -0.5,
    1e14,
    1e20,
    1e308,
    10**30,
    float("nan"),
    float("inf"),
    float("-inf"),
    True,
    False,
    None,
    [],
    {},
    b"2026-05-02T09:15:04Z",
    MAX_US // SECOND_US,
    MAX_US // 1000,
]


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_is_no_time_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (each says something else, and all are for people)
        parse_time(value)


@given(
    st.text(max_size=40)
    | st.from_regex(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,10})?(Z|[+-]\d\d:\d\d)?")
    | st.floats()
    | st.integers()
)
def test_anything_is_read_within_bounds_or_refused(value: Any) -> None:
    try:
        us = parse_time(value)
    except ValueError:
        return
    assert 0 <= us < MAX_US


def test_times_are_written_as_short_as_they_are() -> None:
    assert format_time(0) == "1970-01-01T00:00:00Z"
    assert format_time(120_000) == "1970-01-01T00:00:00.120Z"
    assert format_time(120_001) == "1970-01-01T00:00:00.120001Z"
    assert format_day(DAY_US - 1) == "1970-01-01"
    assert format_day(DAY_US) == "1970-01-02"


def test_the_system_clock_goes_on() -> None:
    clock = SystemClock()
    before, started = clock.now_us(), clock.monotonic()
    assert abs(before - in_us(datetime.now(UTC))) < 5 * SECOND_US
    assert clock.monotonic() >= started


@pytest.mark.parametrize(
    ("kept_us", "at_us", "found_us"),
    [(0, 5, 5), (5, 5, 5), (7, 5, 7), (AHEAD_US + 5, 5, AHEAD_US + 5), (AHEAD_US + 6, 5, 5)],
)
def test_the_later_time_is_kept_unless_a_clock_that_was_ahead_has_left_it(kept_us: int, at_us: int, found_us: int) -> None:
    assert later(kept_us, at_us) == found_us
