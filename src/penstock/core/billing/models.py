"""The bill of a month so far, in exact decimals. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import msgspec

from penstock.core.tenancy.models import Price

CENT = Decimal("0.01")


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """What a month costs so far.

    Units: costs in `currency` with two decimals. `active_devices` are those that reported in the month (UTC), however often.
    """

    tier: str
    begin_us: int
    end_us: int
    active_devices: int
    included_devices: int
    overage_devices: int
    base_cost: Decimal
    overage_cost: Decimal
    total_cost: Decimal
    currency: str


def bill_of(price: Price, active_devices: int, month: tuple[int, int]) -> Bill:
    """The bill of a price. Each sum is rounded to the cent by itself, so that what is shown adds up."""
    overage = max(active_devices - price.included_devices, 0)
    base_cost = _cents(price.base_cost)
    overage_cost = _cents(price.device_cost * overage)
    return Bill(
        tier=price.tier,
        begin_us=month[0],
        end_us=month[1],
        active_devices=active_devices,
        included_devices=price.included_devices,
        overage_devices=overage,
        base_cost=base_cost,
        overage_cost=overage_cost,
        total_cost=base_cost + overage_cost,
        currency=price.currency,
    )


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
