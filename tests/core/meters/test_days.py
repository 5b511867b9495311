"""From a chain to days: gaps, parts of time, and sums that are exact."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.meters.days import CODES, by_day, counter_at, piece_of
from penstock.core.meters.models import Span
from penstock.core.meters.vee import Chain
from penstock.core.registers.models import NANO, Estimation, Register
from penstock.core.telemetry.buckets import edges
from penstock.kit.clock import DAY_US, HOUR_US
from tests.core.meters.series_of import BERLIN, DAY, at, chain, hourly, register


def shown(found: Chain, span: Span | None = None) -> list[tuple[float, str]]:
    times = found.times
    bounds = np.array(edges(int(times[0]), int(times[-1]) + 1, DAY, BERLIN))
    days = by_day(piece_of(found, span or Span()), bounds)
    return [(amount / NANO, CODES[code].value) for amount, code in zip(days.amounts.tolist(), days.codes, strict=True)]


def days_of(*readings: tuple[str, float], version: Register | None = None) -> list[tuple[float, str]]:
    return shown(chain([(at(text), value) for text, value in readings], version))


def test_a_day_is_the_last_reading_less_the_last_of_the_day_before() -> None:
    assert days_of(
        ("2026-05-01T09:00", 10.0), ("2026-05-01T23:00", 10.5), ("2026-05-02T01:00", 10.75), ("2026-05-02T23:59", 12.0)
    ) == [(0.5, "partial"), (1.5, "measured")]


def test_a_gap_is_no_spike_and_loses_nothing() -> None:
    days = days_of(("2026-05-01T12:00", 10.0), ("2026-05-05T12:00", 14.0), ("2026-05-06T12:00", 15.0))
    assert days == [(0.0, "partial"), *[(1.0, "interpolated")] * 4, (1.0, "measured")]


@pytest.mark.parametrize(
    ("first", "last", "amount", "hours"), [("2026-03-28", "2026-03-30", 47.0, 23.0), ("2026-10-24", "2026-10-26", 49.0, 25.0)]
)
def test_a_gap_across_a_change_of_the_clock(first: str, last: str, amount: float, hours: float) -> None:
    days = days_of((f"{first}T12:00", 0.0), (f"{last}T12:00", amount))
    assert days == [(0.0, "partial"), (hours, "interpolated"), (24.0, "interpolated")]


def test_a_fall_that_is_netted_makes_a_day_negative() -> None:
    assert days_of(("2026-05-01T12:00", 110.0), ("2026-05-02T12:00", 109.0), ("2026-05-03T12:00", 112.0)) == [
        (0.0, "partial"),
        (-1.0, "measured"),
        (3.0, "measured"),
    ]


def test_the_profile_of_the_weekdays_fills_a_gap() -> None:
    usual = [2, 2, 2, 2, 2, 9, 9]  # a week that begins on a Friday, the first of May
    counters = [100.0]
    for day in range(35):
        counters.append(counters[-1] + usual[day % 7])
    rows = [(f"2026-05-{day + 1:02}T23:00", counters[day]) for day in range(31) if day not in range(15, 21)]
    days = days_of(*rows, version=register(estimation=Estimation.PROFILE))
    assert [amount for amount, _ in days[15:22]] == [counters[day] - counters[day - 1] for day in range(15, 22)]
    assert {quality for _, quality in days[15:22]} == {"interpolated"}
    linear = days_of(*rows)
    assert {round(amount, 9) for amount, _ in linear[15:22]} == {4.0}
    assert sum(amount for amount, _ in days) == sum(amount for amount, _ in linear)


def test_a_part_begins_and_ends_between_two_readings() -> None:
    found = chain([(at("2026-05-01T12:00"), 100), (at("2026-05-02T12:00"), 124), (at("2026-05-03T12:00"), 148)])
    moved_us = at("2026-05-02T18:00")
    before, after = Span(to_us=moved_us), Span(from_us=moved_us)
    assert shown(found, before) == [(0.0, "partial"), (30.0, "measured"), (0.0, "missing")]
    assert shown(found, after) == [(0.0, "missing"), (0.0, "measured"), (18.0, "measured")]
    assert [piece_of(found, span).counters.tolist()[-1] / NANO for span in (before, after)] == [130, 148]
    assert piece_of(found, after).counters[0] == 130 * NANO


@pytest.mark.parametrize("times", [("00:00", "00:00"), ("00:00:05", "00:00:05"), ("12:00", "12:00"), ("00:00", "12:00")])
def test_a_part_that_ends_at_midnight_leaves_the_days_before_as_they_were(times: tuple[str, str]) -> None:
    rows = [(at(f"2026-05-{day + 1:02}T{times[day % 2]}"), 100 + day * 24) for day in range(6)]
    found, midnight_us = chain(rows), at("2026-05-04T00:00")
    whole, first, second = shown(found), shown(found, Span(to_us=midnight_us)), shown(found, Span(from_us=midnight_us))
    assert first[:3] == whole[:3]
    assert [one for one, _ in second[:3]] == [0.0] * 3
    assert [one[0] + other[0] for one, other in zip(first, second, strict=True)] == pytest.approx([day for day, _ in whole])
    if times[1] == "00:00":
        assert (first[3][0], second[3][0]) == (24.0, 0.0), "what the last reading counted was counted before"


def test_a_gap_that_a_reading_at_the_end_of_a_part_ends_is_spread_as_before() -> None:
    found = chain([(at(f"2026-05-{day:02}T00:00"), 100 + day) for day in (1, 6, 11)])
    first = shown(found, Span(to_us=at("2026-05-06T00:00")))
    assert first[:6] == shown(found)[:6] == [(0.0, "partial"), *[(1.0, "interpolated")] * 5]


def test_a_part_within_a_gap_is_spread_over_its_own_days() -> None:
    found = chain([(at("2026-05-01T12:00"), 0), (at("2026-05-09T12:00"), 192)])
    days = shown(found, Span(from_us=at("2026-05-03T12:00"), to_us=at("2026-05-05T12:00")))
    assert days[2:5] == [(12.0, "interpolated"), (24.0, "interpolated"), (12.0, "interpolated")]
    assert {quality for _, quality in days[:2] + days[5:]} == {"missing"}


def test_a_part_within_a_roll_over_shows_what_the_meter_shows() -> None:
    found = chain(hourly([99_990, 10], 20 * HOUR_US), register(top="100000"))
    moved_us = int(found.times[0]) + 15 * HOUR_US
    before, after = piece_of(found, Span(to_us=moved_us)), piece_of(found, Span(from_us=moved_us))
    assert (before.counters[-1], after.counters[0]) == (5 * NANO, 5 * NANO)
    assert (before.amounts.sum() + after.amounts.sum()) == 20 * NANO


def test_a_part_of_a_large_counter_is_exact() -> None:
    # Nano-units from 2 to the 53rd on are not exact as floats: these are nine million cubic metres, and 1 nL.
    found = chain(hourly(["9007199.254740993", "9007200.254740994"], 10 * HOUR_US), register())
    span = Span(from_us=int(found.times[0]) + HOUR_US)
    assert piece_of(found, span).counters.tolist() == [9_007_199_354_740_993, 9_007_200_254_740_994]


RISING = st.lists(st.tuples(st.integers(1, 40 * 24 * 3600), st.integers(0, 10**12)), min_size=1, max_size=25)
CUTS = st.lists(st.integers(0, 60 * 24 * 3600), max_size=4, unique=True)


@settings(max_examples=40)
@given(RISING, CUTS, st.sampled_from(list(Estimation)))
def test_parts_and_days_add_up_to_the_counter(
    steps: Sequence[tuple[int, int]], cuts: Sequence[int], estimation: Estimation
) -> None:
    time_us, counter = at("2026-03-20T00:00"), 10**12
    rows: list[tuple[int, object]] = [(time_us, counter / NANO)]
    for after_s, rise in steps:
        time_us, counter = time_us + after_s * 1_000_000, counter + rise
        rows.append((time_us, str(counter / NANO) if counter % 1000 else counter / NANO))
    found = chain(rows, register(estimation=estimation, flow="8000000"))
    bounds = np.array(edges(rows[0][0] - DAY_US, time_us + DAY_US, DAY, BERLIN))
    limits = [None, *(rows[0][0] + cut * 1_000_000 for cut in sorted(cuts)), None]
    sums = []
    for begin_us, end_us in pairwise(limits):
        piece = piece_of(found, Span(from_us=begin_us or 0, to_us=end_us))
        days = by_day(piece, bounds)
        sums.append(int(days.amounts.sum()))
        assert sums[-1] == piece.amounts.sum()
        known = [counter_at(piece, bounds, days, day) for day in range(len(bounds))]
        if len(piece.times):
            assert np.diff(np.array(known)).tolist() == days.amounts.tolist()
    assert sum(sums) == found.amounts.sum() == found.counters[-1] - found.counters[0]
