"""Registers: what a meter counts, in which unit, and from when to when. Pure.

A register has one or more versions: a meter that is replaced, or counted in another way from some day on, gets a new version, and
every answer about the past uses the version of that time.

Units: counters are whole nano-units of the quantity's base unit (m³, kWh or 1), so that the amounts of all registers of a
quantity are commensurable integers and their sums are exact. A litre with six decimals is still a whole number of them.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

NANO = 10**9
MAX_COUNTER = 9 * 10**9
"""In the base unit: a counter is at most this, so that nano-units fit into 64 bits."""
MAX_REGISTERS = 64
"""Versions of all registers of a meter together."""
BEGINNING_US = 0


class RegisterKind(StrEnum):
    """What a register counts. Only registers of one kind are added up."""

    VOLUME = "volume"
    REVERSE_VOLUME = "reverse_volume"
    ENERGY = "energy"
    REVERSE_ENERGY = "reverse_energy"
    HEAT = "heat"
    COOLING = "cooling"
    COUNT = "count"


class Quantity(StrEnum):
    """A physical quantity. Its value is the base unit, which totals are in."""

    VOLUME = "m3"
    ENERGY = "kWh"
    COUNT = "1"


QUANTITY_OF = {
    RegisterKind.VOLUME: Quantity.VOLUME,
    RegisterKind.REVERSE_VOLUME: Quantity.VOLUME,
    RegisterKind.ENERGY: Quantity.ENERGY,
    RegisterKind.REVERSE_ENERGY: Quantity.ENERGY,
    RegisterKind.HEAT: Quantity.ENERGY,
    RegisterKind.COOLING: Quantity.ENERGY,
    RegisterKind.COUNT: Quantity.COUNT,
}


class Estimation(StrEnum):
    """How the consumption of a gap is distributed over its days."""

    LINEAR = "linear"
    PROFILE = "profile"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a reading, by its dot path, and the unit it counts in. Units: UCUM-like names (`m3`, `L`, `kWh`, `1`)."""

    field: str
    unit: str


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of validation; None means the default of the quantity.

    `max_flow` is the most that the meter can count in an hour (Q4, in the register's unit per hour); `noise` is the fall that is
    no flow but the last digit moving (in the register's unit); `frozen_after_s` is after which time without a change a counter is
    reported as frozen.
    """

    max_flow: Decimal | None = None
    noise: Decimal | None = None
    frozen_after_s: int | None = None
    estimation: Estimation = Estimation.LINEAR


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a register, valid in [from_us, to_us).

    `sources` are the fields that hold the counter: the first that a reading has is used. A counter times `factor` (the weight of
    a pulse, the ratio of a transformer) is in the source's unit. `unit` and `decimals` are how results are shown.
    `rolls_over_at` is the value at which the counter restarts at zero, in the counter's own digits and unit of the first source.
    `first_value` and `last_value` were read when the meter was mounted and removed, in the same unit; None if unknown.
    """

    name: str = "volume"
    kind: RegisterKind = RegisterKind.VOLUME
    sources: tuple[Source, ...] = ()
    unit: str = "m3"
    factor: Decimal = Decimal(1)
    decimals: int = 3
    rolls_over_at: Decimal | None = None
    serial: str | None = None
    checks: Checks = Checks()
    from_us: int = BEGINNING_US
    to_us: int | None = None
    first_value: Decimal | None = None
    last_value: Decimal | None = None

    @property
    def quantity(self) -> Quantity:
        """The quantity that the register counts."""
        return QUANTITY_OF[self.kind]


# The names that codecs use for a water meter's counter, in their order of precedence.
WATER_SOURCES = (
    Source(field="consumption_m3", unit="m3"),
    Source(field="cumulativeFlowM3", unit="m3"),
    Source(field="water", unit="m3"),
    Source(field="cumulativeFlow", unit="L"),
)
DEFAULT_REGISTERS = (Register(sources=WATER_SOURCES),)
"""The registers of a meter that neither has any of its own nor a profile with some."""
