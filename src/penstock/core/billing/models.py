"""Monthly bills, in exact decimals. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from penstock.core.tenancy.models import Price
from penstock.kit.clock import format_time
from penstock.kit.ids import CustomerId, StatementId

CENT = Decimal("0.01")


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of a month to date.

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


class ActiveDevices(msgspec.Struct, frozen=True, kw_only=True):
    """How many devices of a customer reported in a month. `customer_id` None: without a customer. `name` None: deleted
    customer.
    """

    customer_id: CustomerId | None
    name: str | None
    devices: int


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's part of a bill, in the bill's currency; `customer_id` None is the part of devices without a customer."""

    customer_id: CustomerId | None
    name: str
    active_devices: int
    amount: Decimal

    @property
    def label(self) -> str:
        """What a file shows as the customer."""
        return "(no customer)" if self.customer_id is None else self.name or "(removed)"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """The final bill of a completed month. It never changes."""

    id: StatementId
    organization: str
    plan: str
    bill: Bill
    parts: list[Part]
    created_us: int

    @property
    def month(self) -> str:
        """The month, such as 2026-04."""
        return format_time(self.bill.begin_us)[:7]


def split(total: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """Divide a sum in whole cents by weights, so that the shares add up to it (the remaining cents go to the largest
    remainders).

    If all weights are 0 the first share is the whole sum. Among equal remainders the earlier one comes first.
    """
    if not weights:
        return []
    cents, whole = int(total / CENT), sum(weights)
    if whole == 0:
        return [total, *[Decimal("0.00")] * (len(weights) - 1)]
    shares = [cents * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: (-(cents * weights[n] % whole), n))
    for n in by_remainder[: cents - sum(shares)]:
        shares[n] += 1
    return [share * CENT for share in shares]


def parts_of(bill: Bill, active: Sequence[ActiveDevices]) -> list[Part]:
    """A bill divided among customers by their active devices."""
    # A month without active devices still has a base cost, and the parts must add up to the total.
    rows = list(active) or [ActiveDevices(customer_id=None, name=None, devices=0)]
    shares = split(bill.total_cost, [row.devices for row in rows])
    return [
        Part(customer_id=row.customer_id, name=row.name or "", active_devices=row.devices, amount=share)
        for row, share in zip(rows, shares, strict=True)
    ]


def bill_of(price: Price, active_devices: int, month: tuple[int, int]) -> Bill:
    """The bill for a price. Each sum is rounded to the cent separately, so that the displayed sums add up."""
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
    # Explicit, because the default of `Decimal` rounds half a cent to the even neighbour.
    return amount.quantize(CENT, ROUND_HALF_UP)
