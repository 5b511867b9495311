"""Bills over the native API."""

from __future__ import annotations

from msgspec import Struct

from penstock.api.shared.call import Call
from penstock.core.billing.service import BillingService
from penstock.kit.clock import format_time
from penstock.kit.operation import Example, operation


class BillSummary(Struct, frozen=True, rename={"from_": "from"}):
    """What a month costs so far.

    Units: costs are decimals with two digits in `currency`, as text, so that no reader rounds them.
    """

    tier: str
    from_: str
    to: str
    active_devices: int
    included_devices: int
    overage_devices: int
    base_cost: str
    overage_cost: str
    total_cost: str
    currency: str


class BillingEndpoints:
    """The bill of the month so far."""

    def __init__(self, billing: BillingService) -> None:
        self._billing = billing

    @operation(
        "GET",
        "/api/v2/billing/summary",
        surface="v2",
        tag="Billing",
        summary="Get the bill of the month so far",
        description="The month is the calendar month in UTC. A device is active when it reported in it, however often.",
        scope="billing:read",
        answer=BillSummary,
        example=Example(
            answer={
                "tier": "starter",
                "from": "2026-05-01T00:00:00Z",
                "to": "2026-06-01T00:00:00Z",
                "active_devices": 42,
                "included_devices": 25,
                "overage_devices": 17,
                "base_cost": "49.00",
                "overage_cost": "10.03",
                "total_cost": "59.03",
                "currency": "EUR",
            }
        ),
    )
    async def summary(self, call: Call[None, None]) -> BillSummary:
        bill = await self._billing.summary(call.actor)
        return BillSummary(
            tier=bill.tier,
            from_=format_time(bill.begin_us),
            to=format_time(bill.end_us),
            active_devices=bill.active_devices,
            included_devices=bill.included_devices,
            overage_devices=bill.overage_devices,
            base_cost=str(bill.base_cost),
            overage_cost=str(bill.overage_cost),
            total_cost=str(bill.total_cost),
            currency=bill.currency,
        )
