"""What a meter is, and what is said of its consumption.

Units: counters and amounts are whole micro-units inside (millionths of the meter's unit, so 1 mL for m³): sums are exact.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import DeviceId

MICRO = 1_000_000
MAX_COUNTER = 10**12
"""Units; what is beyond is no counter."""
DEFAULT_FIELD, DEFAULT_UNIT = "consumption_m3", "m3"


class MeterRole(StrEnum):
    """What a meter measures at its customer's: all of it, one part that nothing measures again, or something between."""

    PRINCIPAL = "principal"
    LEAF = "leaf"
    INTERMEDIATE = "intermediate"


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """How a device counts.

    `field` is its cumulative sensor. `rolls_over_at` is where the counter begins at zero again (units; 100000 for five
    digits), None when that is not known.
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
    """How the amount of a day is known."""

    MEASURED = "measured"
    """Readings of this day and of the day before."""
    PARTIAL = "partial"
    """Readings of this day, and none before: the first day of a meter."""
    INTERPOLATED = "interpolated"
    """Readings before and after a gap."""
    ESTIMATED = "estimated"
    """None since; a usual day of this meter."""
    MISSING = "missing"


SEEN = frozenset({Quality.MEASURED, Quality.PARTIAL})
WORSE = tuple(Quality)
"""From the best to the worst."""


class Day(msgspec.Struct, frozen=True, gc=False):
    """What a meter counted on one day; `amount` None when nothing tells."""

    amount: int | None
    quality: Quality


class EventKind(StrEnum):
    """What a counter did other than count on."""

    RESET = "reset"
    ROLLOVER = "rollover"


class MeterEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A counter that fell. `at_us` is the first reading after; `detected`: a roll-over that was guessed from the digits."""

    kind: EventKind
    at_us: int
    before: int
    after: int
    detected: bool = False


class BucketAmount(msgspec.Struct, frozen=True, kw_only=True):
    """Consumption of a bucket: [start_us, end_us), `amount` None when no day of it is known.

    `not_measured` is the part of the amount that is interpolated or estimated, `worst` the least certain day that is.
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
    """What a meter counted, by bucket, and what its counter did."""

    meter: Meter
    buckets: list[BucketAmount]
    events: list[MeterEvent]


class BalanceRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the principal meters counted on a day against the leaves.

    `contributing` leaves are those with a measured day; `estimated` is what the others take by their usual day.
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
        """What no leaf measured."""
        return None if self.principal is None else self.principal - self.leaves

    @property
    def notable(self) -> bool:
        """Whether more than 15 % of the day is unmetered. Source: surfaces/datakubo.md 5."""
        return self.principal is not None and self.principal > 0 and (self.principal - self.leaves) * 100 > self.principal * 15


class LeakHint(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a meter never stands still at night.

    `nights` is how many nights were told by readings often enough, `flowing` in how many of them water always flowed,
    `least` the smallest flow of those (micro-units per hour). It is a hint from three such nights in a row, the last included.
    """

    nights: int
    flowing: int
    least: int | None
    suspected: bool
