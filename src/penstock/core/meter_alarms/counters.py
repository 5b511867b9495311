"""Reads the counters of meters as validated steps. Suspect values are not among them (`meters/vee.py`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from penstock.core.meter_alarms.flow import Step
from penstock.core.meters.models import EventKind, MeterOf
from penstock.core.meters.series import MeterReader, Window
from penstock.core.registers.models import Register
from penstock.core.telemetry.buckets import Bucket, Unit, edges
from penstock.kit.clock import DAY_US
from penstock.kit.ids import DeviceId, OrgId

if TYPE_CHECKING:
    # It needs numpy, which a server without meters does not load.
    from penstock.core.meters.vee import Chain

UTC = ZoneInfo("UTC")
DAY = Bucket(unit=Unit.DAY)
_LENGTHS_US = (2 * DAY_US, 8 * DAY_US, 46 * DAY_US)
"""Meters that need about the same time are read together."""


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """A register of a meter since some time: its newest version, its validated steps, and its newest valid reading.

    `digit` is what its last digit counts, 0 if unknown.
    """

    register: Register
    steps: list[Step]
    last_us: int
    digit: int = 0


class CounterQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A register of a meter to read from a time on."""

    of: MeterOf
    from_us: int


class CounterReader:
    """Reads counters. The caller has checked that the devices belong to the organisation."""

    def __init__(self, reader: MeterReader) -> None:
        self._reader = reader

    async def read(self, org_id: OrgId, queries: Sequence[CounterQuery], now_us: int) -> dict[DeviceId, list[Counter]]:
        """The counters of each meter that has any."""
        found: dict[DeviceId, list[Counter]] = {}
        for part in _of_one_length(queries, now_us):
            first_us = min(one.from_us for one in part)
            days = edges(first_us, max(now_us, first_us) + DAY_US, DAY, UTC)
            window = Window(
                zone=UTC,
                buckets=[days[0], days[-1]],
                days=days,
                first=0,
                last=len(days) - 1,
                kept_from_us=0,
                now_us=now_us,
                estimate=False,
            )
            chains = await self._reader.chains(org_id, [one.of for one in part], window)
            for query, series in zip(part, chains, strict=True):
                counter = _counter(query, series)
                if counter is not None:
                    found.setdefault(query.of.device_id, []).append(counter)
        return found


def _of_one_length(queries: Sequence[CounterQuery], now_us: int) -> Iterator[list[CounterQuery]]:
    by_length: dict[int, list[CounterQuery]] = {}
    for one in queries:
        at = next((n for n, length_us in enumerate(_LENGTHS_US) if now_us - one.from_us <= length_us), len(_LENGTHS_US))
        by_length.setdefault(at, []).append(one)
    yield from by_length.values()


def _counter(query: CounterQuery, chains: Sequence[Chain]) -> Counter | None:
    steps: list[Step] = []
    last_us: int | None = None
    divisor = 0
    for chain in chains:
        resets = {event.at_us for event in chain.events if event.kind is EventKind.RESET}
        points = list(zip(chain.times.tolist(), chain.amounts.tolist(), strict=True))
        # What flowed around a reset is unknown, so that it has no step.
        steps += [
            Step(before, after, n)
            for (before, _), (after, n) in pairwise(points)
            if before >= query.from_us and after not in resets
        ]
        last_us = max(points[-1][0], last_us or 0) if points else last_us
        divisor = gcd(divisor, *chain.counters.tolist())
    if last_us is None or last_us < query.from_us:
        return None
    return Counter(register=query.of.register, steps=steps, last_us=last_us, digit=_digit(divisor))


def _digit(divisor: int) -> int:
    """The greatest power of ten in a divisor of all counters."""
    digit = 1
    while divisor and divisor % (digit * 10) == 0:
        digit *= 10
    return digit if divisor else 0
