"""Reads the counters of meters as validated steps.

The only place that knows how values become steps. Values that cannot be counts, and single values out of line with their
neighbours, are held out; a fall that is only the last digit moving is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import msgspec

from penstock.core.meter_alarms.flow import Step
from penstock.core.meters.consumption import step
from penstock.core.meters.models import DEFAULT_FIELD, DEFAULT_UNIT, MICRO, EventKind, Meter
from penstock.core.meters.registers import DEFAULT_REGISTERS, MAX_COUNTER, NANO, Quantity, Register, Source
from penstock.core.telemetry.fields import column_decoder
from penstock.core.telemetry.models import TimeRange
from penstock.core.telemetry.store import ReadingStore
from penstock.kit.clock import DAY_US, MAX_US
from penstock.kit.ids import DeviceId, OrgId

Point: TypeAlias = tuple[int, int]
"""Event time and counter (nano-units)."""
_SCALES = {"m3": 1.0, "m³": 1.0, "L": 1e-3, "l": 1e-3, "kWh": 1.0, "Wh": 1e-3, "MWh": 1e3, "1": 1.0}
"""Base units in one unit."""
NOISE = {Quantity.VOLUME: NANO // 100, Quantity.ENERGY: NANO // 100, Quantity.COUNT: 0}
SMALL_FALL = 10
"""A fall of at most one part in this many of the counter is back-flow; any other one is a counter that was set back."""
_LENGTHS_US = (2 * DAY_US, 8 * DAY_US, 45 * DAY_US)
"""Meters that need about the same time are read together."""


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """A register of a meter since some time: its validated steps, and its newest reading."""

    register: Register
    steps: list[Step]
    last_us: int


class CounterQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A meter to read from a time on."""

    device_id: DeviceId
    registers: tuple[Register, ...]
    from_us: int


def registers_of(meter: Meter) -> tuple[Register, ...]:
    """The registers that the settings of a meter describe."""
    if (meter.field, meter.unit, meter.rolls_over_at) == (DEFAULT_FIELD, DEFAULT_UNIT, None):
        return DEFAULT_REGISTERS
    source = Source(field=meter.field, unit=meter.unit)
    return (msgspec.structs.replace(DEFAULT_REGISTERS[0], sources=(source,), unit=meter.unit),)


class CounterReader:
    """Reads counters from stored readings. The caller has checked that the devices belong to the organisation."""

    def __init__(self, store: ReadingStore) -> None:
        self._store = store

    async def read(self, org_id: OrgId, queries: Sequence[CounterQuery], now_us: int) -> dict[DeviceId, list[Counter]]:
        """The counters of each meter that has any."""
        found: dict[DeviceId, list[Counter]] = {}
        for part in _of_one_length(queries, now_us):
            found |= await self._read(org_id, part)
        return found

    async def _read(self, org_id: OrgId, queries: Sequence[CounterQuery]) -> dict[DeviceId, list[Counter]]:
        fields = tuple(sorted({source.field for one in queries for register in one.registers for source in register.sources}))
        decode = column_decoder(fields)
        rows: dict[DeviceId, list[tuple[int, Mapping[str, object]]]] = defaultdict(list)

        def use(devices: list[DeviceId], times: list[int], payloads: list[bytes]) -> None:
            columns = decode(payloads)
            for at, (device_id, time_us) in enumerate(zip(devices, times, strict=True)):
                values = {name: column[at] for name, column in zip(fields, columns, strict=True) if column[at] is not None}
                if values:
                    rows[device_id].append((time_us, values))

        span = TimeRange(from_us=max(min(one.from_us for one in queries), 0), to_us=MAX_US)
        await self._store.scan_many(org_id, [one.device_id for one in queries], span, use)
        return {one.device_id: list(_counters(one, rows[one.device_id])) for one in queries if one.device_id in rows}


def _of_one_length(queries: Sequence[CounterQuery], now_us: int) -> Iterator[list[CounterQuery]]:
    left = list(queries)
    for length_us in _LENGTHS_US:
        part = [one for one in left if now_us - one.from_us <= length_us or length_us == _LENGTHS_US[-1]]
        left = [one for one in left if one not in part]
        if part:
            yield part


def _counters(one: CounterQuery, rows: Sequence[tuple[int, Mapping[str, object]]]) -> Iterator[Counter]:
    for register in one.registers:
        points = sorted({time_us: n for time_us, values in rows if (n := _counter(register, values)) is not None}.items())
        points = [point for point in points if point[0] >= one.from_us]
        if points:
            yield Counter(register=register, steps=list(steps_of(points, register)), last_us=points[-1][0])


def _counter(register: Register, values: Mapping[str, object]) -> int | None:
    source = next((one for one in register.sources if one.field in values), None)
    if source is None or source.unit not in _SCALES:
        return None
    value = values[source.field]
    if type(value) is not float and type(value) is not int:  # a bool is an int as well
        return None
    counted = value * _SCALES[source.unit] * float(register.factor)
    return round(counted * NANO) if 0 <= counted < MAX_COUNTER else None


def steps_of(points: Sequence[Point], register: Register) -> Iterator[Step]:
    """The steps between points in order of time."""
    noise = NOISE[register.quantity]
    top = None if register.rolls_over_at is None else int(register.rolls_over_at)
    for (before_us, before), (after_us, after) in pairwise(_followed(_in_line(points), noise)):
        amount = after - before
        if amount < 0:
            through, kind, _ = step(before * MICRO // NANO, after * MICRO // NANO, top)
            if kind is EventKind.ROLLOVER:
                amount = through * NANO // MICRO
            elif -amount * SMALL_FALL > before:
                continue
        yield Step(before_us, after_us, amount)


def _in_line(points: Sequence[Point]) -> Iterator[Point]:
    """The points without single ones that are far from both neighbours, which are in order themselves."""
    kept: Point | None = None
    for at, point in enumerate(points):
        after = points[at + 1] if at + 1 < len(points) else None
        if kept is not None and after is not None and kept[1] <= after[1]:
            far = max(kept[1] // SMALL_FALL, NANO)
            if point[1] < kept[1] - far or point[1] > after[1] + far:
                continue
        kept = point
        yield point


def _followed(points: Iterator[Point], noise: int) -> Iterator[Point]:
    """The points with a counter that follows a fall only if it is more than noise."""
    highest: int | None = None
    for time_us, counter in points:
        if highest is None or not highest - noise <= counter < highest:
            highest = counter
        yield time_us, highest
