"""A register while its days are read: its versions, what a deleted meter left, and what must be estimated."""

from __future__ import annotations

from pathlib import Path

import msgspec

from penstock.core.meters.archive import Archive
from penstock.core.meters.models import Method, Quality, Span
from penstock.core.registers.models import DEFAULT_REGISTERS, NANO, Estimation
from penstock.kit.clock import DAY_US
from tests.core.meters.series_of import FIELD, amounts, at, hourly, meters_in, register, window

APRIL = window(at("2025-04-01T00:00"), at("2025-05-01T00:00"))


async def test_a_deleted_meter_answers_from_what_it_left(tmp_path: Path) -> None:
    values: list[tuple[int, object]] = hourly(["100.5", 101, 0, 102.25, None, 103], DAY_US, at("2025-04-03T12:00"))
    archive = Archive((FIELD,))
    ordered = sorted(values, key=lambda row: row[0])
    archive.add([time_us for time_us, _ in ordered], [msgspec.json.encode({FIELD: value}) for _, value in ordered])
    async with meters_in(tmp_path) as meters:
        live = await meters.read(await meters.add(values), APRIL)
        left = await meters.read(999, APRIL, archived=archive.blob())
    assert (left.days, left.suspects, left.parts) == (live.days, live.suspects, live.parts)


async def test_a_replaced_meter_loses_and_doubles_nothing(tmp_path: Path) -> None:
    begin_us, change_us = at("2025-03-01T00:00"), at("2025-03-10T12:00")
    old = register(span=(0, change_us), ends=(None, "512.5"))
    new = register(span=(change_us, None), ends=("3", None))
    values = [
        *hourly([500 + n for n in range(10)], DAY_US, begin_us),
        *hourly([4 + n for n in range(10)], DAY_US, change_us + DAY_US),
    ]
    within = window(begin_us, at("2025-03-20T00:00"))
    async with meters_in(tmp_path) as meters:
        device = await meters.add(values)
        found = await meters.read(device, within, [old, new])
        unread = [msgspec.structs.replace(old, last_value=None), msgspec.structs.replace(new, first_value=None)]
        less = await meters.read(device, within, unread)
    assert amounts(found.days)[8:12] == [1, 4.5, 1, 1], "1 until midnight, and 3.5 until the meter was taken away"
    assert [(part.first, part.last, part.amount) for part in found.parts] == [
        (500 * NANO, 1025 * NANO // 2, 25 * NANO // 2),
        (3 * NANO, 12 * NANO, 9 * NANO),
    ]
    assert (found.events, less.events, [part.amount for part in less.parts]) == ([], [], [9 * NANO, 8 * NANO])


async def test_the_gaps_of_a_replaced_meter_are_filled_as_its_own_version_says(tmp_path: Path) -> None:
    begin_us, change_us = at("2025-03-01T00:00"), at("2025-03-10T12:00")
    old = register(span=(0, change_us))
    new = register(span=(change_us, None), estimation=Estimation.PROFILE)
    values = [
        *((begin_us + n * DAY_US, 500 + n) for n in (0, 1, 2, 5, 6, 7, 8, 9)),
        *((change_us + n * DAY_US, 3 + n) for n in (0, 1, 2, 3, 6, 7, 8)),
    ]
    async with meters_in(tmp_path) as meters:
        found = await meters.read(await meters.add(values), window(begin_us, at("2025-03-20T00:00")), [old, new])
    methods = {number: day.method for number, day in enumerate(found.days) if day.method is not None}
    assert methods == dict.fromkeys((3, 4, 5), Method.LINEAR) | dict.fromkeys((13, 14, 15), Method.PROFILE)


async def test_a_new_meter_that_does_not_report_is_estimated_in_any_range(tmp_path: Path) -> None:
    begin_us, change_us = at("2025-03-01T00:00"), at("2025-03-10T12:00")
    versions = [register(span=(0, change_us)), register(span=(change_us, None))]
    async with meters_in(tmp_path) as meters:
        device = await meters.add(hourly([500, 501, 502], DAY_US, begin_us))
        for begin in ("2025-03-01", "2025-03-15", "2025-03-20"):
            within = window(at(f"{begin}T00:00"), at("2025-03-21T00:00"), estimate=True)
            found = await meters.read(device, within, versions)
            assert (found.days[-1].amount, found.days[-1].quality) == (NANO, Quality.ESTIMATED), begin


async def test_units_and_sources_of_a_water_meter(tmp_path: Path) -> None:
    within = window(at("2025-03-01T00:00"), at("2025-03-03T00:00"))
    async with meters_in(tmp_path) as meters:
        for field, values in {
            "consumption_m3": [10, 12],
            "cumulativeFlowM3": ["10", "12.0"],
            "water": [10.0, 12],
            "cumulativeFlow": [10_000, 12_000.0],
        }.items():
            device = await meters.add(hourly(values, DAY_US, within.days[0]), field)
            found = await meters.read(device, within, DEFAULT_REGISTERS)
            assert amounts(found.days) == [0, 2], field
            assert [day.quality for day in found.days] == [Quality.PARTIAL, Quality.MEASURED]


async def test_of_a_meter_read_once_a_month_only_the_ends_are_estimated(tmp_path: Path) -> None:
    march = window(at("2025-03-01T00:00"), at("2025-04-01T00:00"))
    async with meters_in(tmp_path) as meters:
        inside = await meters.add([(at("2025-03-01T06:00"), 100), (at("2025-03-28T06:00"), 154)])
        (part,) = (await meters.read(inside, march)).parts
        assert (part.amount, part.estimated, part.quality) == (54 * NANO, 0, Quality.INTERPOLATED)
        around = await meters.add([(at(f"2025-0{month}-16T12:00"), month * 31) for month in (2, 3, 4)])
        (part,) = (await meters.read(around, march)).parts
        assert part.amount == part.estimated, "no two readings are in the month"
        assert 32 * NANO < part.estimated < 33 * NANO
        moved = await meters.read(inside, march, spans=(Span(to_us=at("2025-03-15T00:00")),))
        assert [one.amount == one.estimated for one in moved.parts] == [True]


async def test_a_silent_meter_is_estimated_from_the_month_before(tmp_path: Path) -> None:
    begin_us, last = at("2025-01-01T00:00"), 40
    within = window(at("2025-03-01T00:00"), at("2025-03-04T00:00"), estimate=True)
    async with meters_in(tmp_path) as meters:
        device = await meters.add(hourly([100 + n * 2 for n in range(last)], DAY_US, begin_us))
        found = await meters.read(device, within)
        (part,) = found.parts
        assert {(day.amount, day.quality) for day in found.days} == {(2 * NANO, Quality.ESTIMATED)}
        assert (part.amount, part.estimated, part.quality) == (6 * NANO, 6 * NANO, Quality.ESTIMATED)
        ended = await meters.read(device, within, spans=(Span(to_us=at("2025-03-02T12:00")),))
        assert [(day.amount, day.applies) for day in ended.days] == [(None, True), (None, True), (None, False)]
