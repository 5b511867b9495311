"""Meters, and the results computed from them.

Units: counters and amounts are whole nano-units of the quantity's base unit (`registers.py`), so that sums are exact.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.core.meters.values import Edit
from penstock.core.registers.models import BEGINNING_US, Register, RegisterKind
from penstock.kit.ids import DeviceId


class MeterRole(StrEnum):
    """What a meter measures: all of its customer, one part that no other meter measures, or something in between."""

    PRINCIPAL = "principal"
    LEAF = "leaf"
    INTERMEDIATE = "intermediate"


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A part of time, [from_us, to_us); `to_us` None if it has not ended."""

    from_us: int = BEGINNING_US
    to_us: int | None = None


ALWAYS = (Span(),)


class MeterOf(msgspec.Struct, frozen=True, kw_only=True):
    """One register of a device, with all that its consumption is computed from.

    `versions` are those of one register, in the order of their times; `edits` those of that register that were not withdrawn;
    `spans` the parts of time that count for the asker, in order and apart. `archived` holds the readings of a deleted device.
    """

    device_id: DeviceId
    name: str
    eui: str | None = None
    role: MeterRole = MeterRole.LEAF
    versions: tuple[Register, ...]
    edits: tuple[Edit, ...] = ()
    spans: tuple[Span, ...] = ALWAYS
    archived: bytes | None = None

    @property
    def register(self) -> Register:
        """The newest version: how results are shown."""
        return self.versions[-1]

    @property
    def unit(self) -> str:
        """The unit in which results are shown."""
        return self.register.unit

    @property
    def kind(self) -> RegisterKind:
        """What the register counts."""
        return self.register.kind


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


class Method(StrEnum):
    """How an amount that was not measured was computed."""

    LINEAR = "linear"
    """A gap, evenly over its time."""
    PROFILE = "profile"
    """A gap, by the usual consumption of the same weekdays around it."""
    USUAL_DAY = "usual_day"
    """The median of the days before."""


class Day(msgspec.Struct, frozen=True, gc=False):
    """The consumption of one day; `amount` None if it is unknown.

    `suspects` is the number of values that were held out. A day that does not count for the asker at all does not apply.
    """

    amount: int | None
    quality: Quality
    method: Method | None = None
    suspects: int = 0
    applies: bool = True


class EventKind(StrEnum):
    """An irregularity of a counter. A reset is also a rise that no flow explains, and that stays."""

    RESET = "reset"
    ROLLOVER = "rollover"


class MeterEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A counter that restarted. `at_us` is the first reading after it; `detected`: a roll-over guessed from the digits."""

    kind: EventKind
    at_us: int
    before: int
    after: int
    detected: bool = False


class BucketAmount(msgspec.Struct, frozen=True, kw_only=True):
    """Consumption of a bucket: [start_us, end_us), `amount` None if no day of it is known.

    `not_measured` is the interpolated or estimated part of the amount, `worst` the quality of its least certain day.
    `missing_days` of its `days` are not in the amount; days that do not count for the asker are in neither. `suspects` values
    were held out. `methods` are those of the part that was not measured.
    """

    start_us: int
    end_us: int
    amount: int | None
    not_measured: int
    worst: Quality
    days: int
    missing_days: int
    suspects: int = 0
    methods: tuple[Method, ...] = ()


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one version of a register counted in one span of the asker, within a window.

    `first` and `last` are the validated counter at its ends, None if unknown; they differ by `amount` unless the counter
    restarted in between. `estimated` is the part of the amount that no reading measured.
    """

    version: Register
    begin_us: int
    end_us: int
    first: int | None
    last: int | None
    amount: int | None
    estimated: int
    quality: Quality


class Consumption(msgspec.Struct, frozen=True, kw_only=True):
    """The consumption of a meter by bucket, and the events of its counter."""

    meter: MeterOf
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
    smallest flow of the latter (nano-units per hour). A leak is suspected after three such nights in a row, including the last.
    """

    nights: int
    flowing: int
    least: int | None
    suspected: bool
