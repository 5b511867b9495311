"""Meters read from a log: no result depends on how it was asked for, or on the order in which readings arrived."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penstock.core.meters.models import Quality, Span
from penstock.core.meters.values import EditKind
from penstock.core.registers.models import Estimation
from penstock.core.telemetry.buckets import Bucket, Unit, edges
from penstock.kit.clock import DAY_US, HOUR_US
from tests.core.meters.series_of import BERLIN, Meters, amounts, at, edit, hourly, meters_in, register, window

MONTH = Bucket(unit=Unit.MONTH)
YEAR = window(at("2025-01-01T00:00"), at("2026-01-01T00:00"))
ALL = window(at("2024-12-01T00:00"), at("2026-02-01T00:00"))
MONTHS = [window(begin, end) for begin, end in pairwise(edges(YEAR.days[0], YEAR.days[-1], MONTH, BERLIN))]


def story(chance: random.Random) -> list[tuple[int, object]]:
    """A year of a meter to which everything happens: gaps, faults, a fall, a restart, a roll-over, repeated and late values."""
    time_us, counter, rows = at("2024-12-20T00:00"), chance.choice([0.0, 99_990.0, 512.5]), []
    rate = chance.choice([0.02, 0.3, 2])
    every_us = chance.choice([2 * HOUR_US, 7 * HOUR_US, DAY_US, 40 * HOUR_US])
    while time_us < at("2026-01-15T00:00"):
        fate = chance.random()
        time_us += every_us if fate > 0.02 else chance.randrange(1, 20) * DAY_US
        counter = round(counter + rate * chance.random(), 3)
        if counter >= 100_000:
            counter = round(counter - 100_000, 3)
        if fate > 0.999:
            counter = 0.0
        shown: object = counter
        if fate < 0.06:
            faults = [0, 0.0, 9_999_999, "n/a", -1, round(counter + 3000, 3), max(round(counter - 0.005, 3), 0), str(counter)]
            shown = chance.choice(faults)
        rows.append((time_us, shown))
        if 0.06 < fate < 0.08:
            rows.append(chance.choice(rows))
        if 0.08 < fate < 0.09:
            rows += [(time_us + n * 60_000_000, 0) for n in range(1, 5)]
    chance.shuffle(rows)
    return rows


async def check(meters: Meters, seed: int) -> None:
    chance = random.Random(seed)
    values = story(chance)
    device = await meters.add(values)
    again = await meters.add(sorted(values, key=str))
    version = register(top=chance.choice([None, "100000"]), estimation=chance.choice(list(Estimation)))
    edits = [
        edit(EditKind.VOID, chance.choice(values)[0], None, 1),
        edit(EditKind.CONFIRM, chance.choice(values)[0], None, 2),
    ]
    year = await meters.read(device, YEAR, [version], edits=edits)
    assert (await meters.read(again, YEAR, [version], edits=edits)).days == year.days
    # Every day of the year, asked for month by month.
    months = [await meters.read(device, month, [version], edits=edits) for month in MONTHS]
    assert [day for month in months for day in month.days] == year.days
    assert [event for month in months for event in month.events] == year.events
    assert [value for month in months for value in month.suspects] == year.suspects
    (part,) = year.parts
    assert sum(day.amount or 0 for day in year.days) == (part.amount or 0)
    if not year.events and part.first is not None and part.last is not None:
        assert part.last - part.first == part.amount
    # Flats change hands: what all residents consumed is what the meter counted.
    whole = await meters.read(device, ALL, [version], edits=edits)
    moves = sorted(chance.randrange(ALL.days[0], ALL.days[-1]) for _ in range(2))
    spans = [Span(to_us=moves[0]), Span(from_us=moves[0], to_us=moves[1]), Span(from_us=moves[1])]
    shares = [await meters.read(device, ALL, [version], spans=(span,), edits=edits) for span in spans]
    assert sum(share.parts[0].amount or 0 for share in shares) == whole.parts[0].amount
    both = await meters.read(device, ALL, [version], spans=(spans[0], spans[2]), edits=edits)
    assert sum(part.amount or 0 for part in both.parts) == sum(day.amount or 0 for day in both.days)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
async def test_a_day_is_the_same_however_it_is_asked_for(tmp_path: Path, seed: int) -> None:
    async with meters_in(tmp_path / str(seed)) as meters:
        await check(meters, seed)


@pytest.mark.prove
async def test_a_day_is_the_same_in_many_years(tmp_path: Path) -> None:
    async with meters_in(tmp_path) as meters:
        for seed in range(150):
            await check(meters, seed)


async def test_a_counter_that_is_stuck_at_zero_is_found_wherever_a_range_is_cut(tmp_path: Path) -> None:
    begin_us = at("2025-03-01T00:00")
    values = [*[500 + n / 100 for n in range(240)], *[0] * 240, *[502.4 + n / 100 for n in range(240)]]
    async with meters_in(tmp_path) as meters:
        device = await meters.add(hourly(values, HOUR_US, begin_us))
        stuck = await meters.read(device, window(at("2025-03-14T00:00"), at("2025-03-15T00:00")))
        idle = await meters.add(hourly([0] * 800, HOUR_US, begin_us))
        never = await meters.read(idle, window(at("2025-03-14T00:00"), at("2025-03-15T00:00")))
    assert [(day.quality, day.suspects) for day in stuck.days] == [(Quality.INTERPOLATED, 24)]
    assert [(day.amount, day.quality, day.suspects) for day in never.days] == [(0, Quality.MEASURED, 0)]


async def test_a_meter_that_was_silent_for_long_before_a_range_or_after_it(tmp_path: Path) -> None:
    begin_us = at("2025-06-01T12:00")
    within = window(at("2025-06-01T00:00"), at("2025-07-01T00:00"))
    daily = hourly([100 + n for n in range(28)], DAY_US, begin_us)
    async with meters_in(tmp_path) as meters:
        device = await meters.add([(begin_us - 100 * DAY_US, 0), *daily, (begin_us + 200 * DAY_US, 300)])
        found = await meters.read(device, within)
    interpolated, measured = Quality.INTERPOLATED, Quality.MEASURED
    assert [day.quality for day in found.days] == [interpolated, *[measured] * 27, interpolated, interpolated]
    assert found.days[1].amount == 10**9


async def test_what_was_deleted_by_retention_is_not_read(tmp_path: Path) -> None:
    begin_us = at("2025-03-01T00:00")
    within = window(at("2025-03-05T00:00"), at("2025-03-07T00:00"))
    kept = msgspec.structs.replace(within, kept_from_us=at("2025-03-05T00:00"))
    async with meters_in(tmp_path) as meters:
        device = await meters.add(hourly([100 + n for n in range(10)], DAY_US, begin_us))
        assert amounts((await meters.read(device, within)).days) == [1, 1]
        assert amounts((await meters.read(device, kept)).days) == [0, 1]
        silent = await meters.read(await meters.add([]), within)
    assert ([day.quality for day in silent.days], silent.parts) == ([Quality.MISSING] * 2, silent.parts)
    assert [(part.first, part.amount) for part in silent.parts] == [(None, None)]


@pytest.mark.parametrize(
    ("still", "after"),
    [(0.0, [180.0, 180.5, 181.0, 181.5, 182.0, 182.5]), (180.0, [180.1, 180.5, 181.0, 181.5, 182.0, 182.5])],
    ids=["stuck at zero for months", "idle for months after its last digit fell"],
)
async def test_a_day_is_the_same_however_long_the_counter_stood_still(tmp_path: Path, still: float, after: list[float]) -> None:
    every_us, begin_us = 8 * HOUR_US, at("2025-03-01T12:00")
    values = [179.0, 179.2, 179.4, 179.6, 179.8, 180.0, 180.006, *[still] * 240, *after]
    async with meters_in(tmp_path) as meters:
        device = await meters.add(hourly(values, every_us, begin_us))
        whole = await meters.read(device, YEAR)
        months = [await meters.read(device, month) for month in MONTHS]
    assert [day for month in months for day in month.days] == whole.days
    assert round(sum(day.amount or 0 for day in whole.days) / 10**9, 6) == 3.5
