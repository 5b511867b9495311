"""The rules of a version of a register, in nano-units: what a counter can do from one value to the next. Pure."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from functools import lru_cache

import msgspec

from penstock.core.meters.units import ratio, to_nano
from penstock.core.registers.models import NANO, Quantity, Register
from penstock.kit.clock import HOUR_US, MINUTE_US

SLACK_US = 5 * MINUTE_US
"""Clocks of meters, and delays of networks, make the time between two values uncertain by this much."""
ANY = 9 * 10**18
"""More than any counter can move, and still 64 bits."""
MIN_DETECTED = 10_000
"""In the counter's own digits. Counters with fewer digits do not exist, so a fall from below this is not a roll-over."""
_MOST_DETECTED = 10**6 * NANO
DEFAULT_FLOW = {Quantity.VOLUME: Decimal(200), Quantity.ENERGY: Decimal(10_000), Quantity.COUNT: None}
"""In base units per hour: more than a pipe of DN 150, or a street's transformer."""
DEFAULT_NOISE = {Quantity.VOLUME: Decimal("0.01"), Quantity.ENERGY: Decimal("0.01"), Quantity.COUNT: Decimal(0)}


class Step(IntEnum):
    """How a counter got from one value to the next."""

    FLOW = 0
    """It rose as far as it can, or fell so little that the fall is netted."""
    ROLLOVER = 1
    GUESSED_ROLLOVER = 2
    IMPOSSIBLE = 3
    """Only a restart explains it."""


class Rules(msgspec.Struct, frozen=True):
    """The settings of a version in nano-units. `scales` has a source's field and how many nano-units one of its units is."""

    scales: tuple[tuple[str, Fraction], ...]
    flow_per_us: float | None
    noise: int
    top: int | None
    least_top: int
    first: int | None
    last: int | None

    def most(self, time_us: int) -> int:
        """The most that can flow in a time."""
        return ANY if self.flow_per_us is None else int(min((time_us + SLACK_US) * self.flow_per_us, float(ANY)))

    def step(self, before: int, after: int, time_us: int) -> Step:
        """How the counter got from one value to another, `time_us` later."""
        rise, most = after - before, self.most(time_us)
        if rise >= 0:
            return Step.FLOW if rise <= most + self.noise else Step.IMPOSSIBLE
        if -rise <= self.noise or (-rise * 10 <= before and -rise <= most):
            return Step.FLOW
        top = self.top if self.top is not None else self.guessed_top(before)
        through = top - before + after
        # With a guessed maximum the distance must be far shorter: otherwise a replaced meter would count as a roll-over. A
        # counter that was already above the configured maximum cannot have restarted there.
        if before < top and 0 <= through <= min(top // (2 if self.top is not None else 50), most + self.noise):
            return Step.ROLLOVER if self.top is not None else Step.GUESSED_ROLLOVER
        return Step.IMPOSSIBLE

    def is_doubtful(self, before: int) -> bool:
        """Whether a first value looks like that of a device without a counter: all nines, or more digits than meters have."""
        top = self.guessed_top(before)
        return top > _MOST_DETECTED or before == top - self.least_top // MIN_DETECTED

    def through(self, before: int, after: int) -> int:
        """What flowed in a roll-over."""
        return (self.top if self.top is not None else self.guessed_top(before)) - before + after

    def guessed_top(self, before: int) -> int:
        """The next full number of digits above a counter."""
        top = self.least_top
        while top <= before:
            top *= 10
        return top


@lru_cache(maxsize=4096)
def rules_of(version: Register) -> Rules:
    """The rules of a version.

    Raises:
        InvalidInput: a unit does not convert to the quantity; stored registers were checked.
    """
    shown = ratio(version.unit, version.quantity)
    scales = tuple((one.field, ratio(one.unit, version.quantity) * Fraction(version.factor) * NANO) for one in version.sources)
    digit = scales[0][1] / NANO if scales else shown
    base = Fraction(1)
    checks = version.checks
    flow = to_nano(checks.max_flow, shown) if checks.max_flow is not None else _default(DEFAULT_FLOW[version.quantity], base)
    noise = to_nano(checks.noise, shown) if checks.noise is not None else _default(DEFAULT_NOISE[version.quantity], base) or 0
    return Rules(
        scales=scales,
        flow_per_us=None if flow is None else flow / HOUR_US,
        noise=noise,
        top=_default(version.rolls_over_at, digit),
        least_top=max(to_nano(Decimal(MIN_DETECTED), digit), 1),
        first=_default(version.first_value, digit),
        last=_default(version.last_value, digit),
    )


def _default(value: Decimal | None, one: Fraction) -> int | None:
    return None if value is None else to_nano(value, one)
