"""The arithmetic of a bill."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.billing.models import CENT, bill_of, split
from penstock.core.tenancy.models import Price

MONTH = (1_777_593_600_000_000, 1_780_272_000_000_000)


def starter() -> Price:
    return Price(tier="starter", base_cost=Decimal("49.00"), device_cost=Decimal("0.59"), included_devices=25)


@pytest.mark.parametrize(
    ("active", "overage", "overage_cost", "total"),
    [(0, 0, "0.00", "49.00"), (25, 0, "0.00", "49.00"), (26, 1, "0.59", "49.59"), (42, 17, "10.03", "59.03")],
)
def test_forty_two_devices_cost_fifty_nine_euros_and_three_cents(
    active: int, overage: int, overage_cost: str, total: str
) -> None:
    """Source: the seed, "Get billing summary"."""
    bill = bill_of(starter(), active, MONTH)
    assert (bill.tier, bill.included_devices, bill.currency) == ("starter", 25, "EUR")
    assert (bill.overage_devices, str(bill.base_cost)) == (overage, "49.00")
    assert (str(bill.overage_cost), str(bill.total_cost)) == (overage_cost, total)


def test_parts_of_a_cent_are_rounded_once_and_what_is_shown_adds_up() -> None:
    price = Price(tier="odd", base_cost=Decimal("0.005"), device_cost=Decimal("0.0049"))
    bill = bill_of(price, 1_000_003, MONTH)
    assert bill.base_cost == Decimal("0.01")
    assert bill.overage_cost == Decimal("4900.01")
    assert bill.total_cost == bill.base_cost + bill.overage_cost


@given(st.integers(0, 10**7), st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_shares_add_up_and_are_fair(cents: int, weights: list[int]) -> None:
    total = cents * CENT
    shares = split(total, weights)
    assert sum(shares) == total
    whole = sum(weights)
    if whole:
        assert all(abs(share - total * weight / whole) < CENT for share, weight in zip(shares, weights, strict=True))
