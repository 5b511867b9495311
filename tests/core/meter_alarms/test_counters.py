"""Steps of counters from stored readings: suspect values are not among them, and a reset is a gap."""

from __future__ import annotations

from pathlib import Path

import msgspec

from penstock.core.meter_alarms.counters import Counter, CounterQuery, CounterReader
from penstock.core.meters.models import MeterOf
from penstock.core.meters.series import MeterReader
from penstock.core.registers.models import DEFAULT_REGISTERS, NANO
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import DAY_US, HOUR_US
from tests.support.days import NOON_US, HeldClock, open_log


async def read(folder: Path, rows: dict[int, list[tuple[float, object]]], since: dict[int, float]) -> dict[int, list[Counter]]:
    """The counters of devices with readings at hours before now, from as many hours before now on."""
    clock = HeldClock()
    with open_log(folder, clock) as opened:
        for device, readings in rows.items():
            for hours, value in readings:
                payload = msgspec.json.encode({"consumption_m3": value})
                await opened.log.append([Reading(1, device, clock.us - round(hours * HOUR_US), clock.us, payload)])
        reader = CounterReader(MeterReader(opened.store))
        queries = [
            CounterQuery(of=MeterOf(device_id=device, name="", versions=DEFAULT_REGISTERS), from_us=NOON_US - round(h * HOUR_US))
            for device, h in since.items()
        ]
        return dict(await reader.read(1, queries, clock.us))


def shown(counter: Counter) -> list[tuple[float, float]]:
    return [((NOON_US - one.to_us) / HOUR_US, one.amount / NANO) for one in counter.steps]


async def test_what_is_suspect_or_from_before_is_not_read(tmp_path: Path) -> None:
    series = [(30.0, 99.0), *[(20.0 - n, 100.0 + n / 4) for n in range(20)], (10.5, 0.0), (5.5, 9999999)]
    found = await read(tmp_path, {10: series, 11: [(3.0, "none")]}, {10: 25, 11: 25})
    assert found.keys() == {10}
    (counter,) = found[10]
    assert shown(counter) == [(19.0 - n, 0.25) for n in range(19)]
    assert (counter.last_us, counter.register.name, counter.digit) == (NOON_US - HOUR_US, "volume", NANO // 100)


async def test_a_reset_is_a_gap_and_meters_of_all_lengths_are_read(tmp_path: Path) -> None:
    series: list[tuple[float, object]] = [(20.0 - n, 100.0 + n) for n in range(10)] + [(9.0 - n, n / 4) for n in range(9)]
    weekly: list[tuple[float, object]] = [(24.0 * n, 50.0 - n) for n in (40, 20, 1)]
    found = await read(tmp_path, {10: series, 11: weekly}, {10: 26, 11: 45 * DAY_US / HOUR_US})
    times = [hours for hours, _ in shown(found[10][0])]
    assert 9.0 not in times
    assert {11.0, 8.0} <= set(times)
    assert shown(found[11][0]) == [(480.0, 20.0), (24.0, 19.0)]
