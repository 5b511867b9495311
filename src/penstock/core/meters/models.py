"""Meters, and the results computed from them.

Units: counters and amounts are whole micro-units internally (millionths of the meter's unit, so 1 mL for m³), so that sums are
exact.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import DeviceId

MICRO = 1_000_000
MAX_COUNTER = 10**12
"""In the meter's unit; a larger value is not a counter."""
DEFAULT_FIELD, DEFAULT_UNIT = "consumption_m3", "m3"


class MeterRole(StrEnum):
    """What a meter measures: all of its customer, one part that no other meter measures, or something in between."""

    PRINCIPAL = "principal"
    LEAF = "leaf"
    INTERMEDIATE = "intermediate"


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """How a device counts.

    `field` is its cumulative sensor. `rolls_over_at` is the value at which the counter restarts at zero (in the meter's unit;
    100000 for five digits), None if unknown.
    """

    field: str = DEFAULT_FIELD
    unit: str = DEFAULT_UNIT
    role: MeterRole = MeterRole.LEAF
    rolls_over_at: int | None = None


class MeterOf(msgspec.Struct, frozen=True, kw_only=True):
    """A device of a customer with its meter."""

    device_id: DeviceId
    name: str
    meter: Meter


class Quality(StrEnum):
    """How reliable the amount of a day is."""

    MEASURED = "measured"
    """There are readings of this day and of the day before."""
    PARTIAL = "partial"
    """There are readings of this day, but none before: the first day of a meter."""
    INTERPOLATED = "interpolated"
    """There are readings before and after a gap."""
    ESTIMATED = "estimated"
    """There is no later reading; the amount is that of a usual day."""
    MISSING = "missing"


SEEN = frozenset({Quality.MEASURED, Quality.PARTIAL})
WORSE = tuple(Quality)
"""From the best to the worst."""


class Day(msgspec.Struct, frozen=True, gc=False):
    """The consumption of one day; `amount` None if it is unknown."""

    amount: int | None
    quality: Quality


class EventKind(StrEnum):
    """An irregularity of a counter."""

    RESET = "reset"
    ROLLOVER = "rollover"


class MeterEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A counter that fell. `at_us` is the first reading after it; `detected`: a roll-over guessed from the digits."""

    kind: EventKind
    at_us: int
    before: int
    after: int
    detected: bool = False


class BucketAmount(msgspec.Struct, frozen=True, kw_only=True):
    """Consumption of a bucket: [start_us, end_us), `amount` None if no day of it is known.

    `not_measured` is the interpolated or estimated part of the amount, `worst` the quality of its least certain day.
    `missing_days` of its `days` are not in the amount.
    """

    start_us: int
    end_us: int
    amount: int | None
    not_measured: int
    worst: Quality
    days: int
    missing_days: int


class Consumption(msgspec.Struct, frozen=True, kw_only=True):
    """The consumption of a meter by bucket, and the events of its counter."""

    meter: Meter
    buckets: list[BucketAmount]
    events: list[MeterEvent]


class BalanceRow(msgspec.Struct, frozen=True, kw_only=True):
    """The consumption of the principal meters on a day, compared with the leaves.

    `contributing` leaves are those with a measured day; `estimated` is the usual daily consumption of the others.
    """

    start_us: int
    end_us: int
    principal: int | None
    leaves: int
    contributing: int
    silent: int
    estimated: int

    @property
    def unmetered(self) -> int | None:
        """The consumption that no leaf measured."""
        return None if self.principal is None else self.principal - self.leaves

    @property
    def notable(self) -> bool:
        """Whether more than 15 % of the day is unmetered."""
        return self.principal is not None and self.principal > 0 and (self.principal - self.leaves) * 100 > self.principal * 15


class LeakHint(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a meter never stops at night.

    `nights` is the number of nights with enough readings, `flowing` the number of those in which water always flowed, `least` the
    smallest flow of the latter (micro-units per hour). A leak is suspected after three such nights in a row, including the last.
    """

    nights: int
    flowing: int
    least: int | None
    suspected: bool
