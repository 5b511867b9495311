"""What a counter can do from one value to the next, by the settings of its register."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from penstock.core.meters.rules import Step, rules_of
from penstock.core.registers.models import DEFAULT_REGISTERS, NANO, RegisterKind
from penstock.kit.clock import DAY_US, HOUR_US
from tests.core.meters.series_of import register

FLOW, ROLLOVER, GUESSED, IMPOSSIBLE = Step.FLOW, Step.ROLLOVER, Step.GUESSED_ROLLOVER, Step.IMPOSSIBLE


@pytest.mark.parametrize(
    ("before", "after", "time_us", "top", "wanted"),
    [
        (100, 100, 0, None, FLOW),
        (100, 300, HOUR_US, None, FLOW),
        (100, 317, HOUR_US, None, IMPOSSIBLE),  # 200 m³/h, five minutes longer
        (100, 99.99, 0, None, FLOW),
        (100, 90, DAY_US, None, FLOW),
        (100, 89.9, DAY_US, None, IMPOSSIBLE),
        (99_999, 2, HOUR_US, 100_000, ROLLOVER),
        (99_999, 2, HOUR_US, None, GUESSED),
        (999_999, 0, HOUR_US, None, GUESSED),
        (99_000, 900, 30 * DAY_US, None, GUESSED),
        (99_000, 1100, 30 * DAY_US, None, IMPOSSIBLE),
        (95, 2, DAY_US, None, IMPOSSIBLE),  # no counter has two digits
        (60_000, 0, 300 * DAY_US, None, IMPOSSIBLE),
        (60_000, 0, 300 * DAY_US, 100_000, ROLLOVER),
        (40_000, 0, 900 * DAY_US, 100_000, IMPOSSIBLE),  # more than half a round
        (150_000, 2, DAY_US, 100_000, IMPOSSIBLE),
        (99_990, 800, HOUR_US, 100_000, IMPOSSIBLE),  # more than can have flowed
    ],
)
def test_a_step(before: float, after: float, time_us: int, top: int | None, wanted: Step) -> None:
    rules = rules_of(register(top=None if top is None else str(top)))
    assert rules.step(round(before * NANO), round(after * NANO), time_us) is wanted


def test_a_roll_over_counts_through_the_maximum() -> None:
    assert rules_of(register(top="1000")).through(990 * NANO, 15 * NANO) == 25 * NANO
    assert rules_of(register()).through(99_999 * NANO, 2 * NANO) == 3 * NANO


def test_settings_are_in_their_own_units() -> None:
    rules = rules_of(register(unit="L", flow="3000", noise="5", top="100000"))
    assert (rules.most(HOUR_US - 5 * 60 * 10**6), rules.noise, rules.top) == (3 * NANO, NANO // 200, 100 * NANO)
    pulse = msgspec.structs.replace(
        register(unit="L", top="10000"), factor=Decimal(10), first_value=Decimal(7), last_value=Decimal(9)
    )
    rules = rules_of(pulse)
    assert (rules.scales, rules.top) == ((("count", Fraction(NANO, 100)),), 100 * NANO)
    assert (rules.first, rules.last, rules.least_top) == (NANO // 100 * 7, NANO // 100 * 9, 100 * NANO)


def test_defaults_are_those_of_the_quantity() -> None:
    water, energy = rules_of(DEFAULT_REGISTERS[0]), rules_of(register(kind=RegisterKind.HEAT, unit="kWh"))
    pulses = rules_of(register(kind=RegisterKind.COUNT, unit="1"))
    assert (water.noise, energy.noise, pulses.noise) == (NANO // 100, NANO // 100, 0)
    assert (water.most(HOUR_US) // NANO, energy.most(HOUR_US) // NANO, pulses.most(0) > 9 * 10**17) == (216, 10_833, True)
    assert [scale for _, scale in water.scales] == [NANO, NANO, NANO, NANO // 1000]


def test_a_first_value_of_all_nines_is_doubtful() -> None:
    rules = rules_of(register())
    assert [rules.is_doubtful(value * NANO) for value in (9_999_999, 99_999, 99_998, 1_000_000)] == [True, True, False, True]
