"""A statement to print."""

from __future__ import annotations

from decimal import Decimal

from penstock.core.billing.models import ActiveDevices, Statement, bill_of, parts_of
from penstock.core.tenancy.models import Price
from tests.core.billing.closed import us


def statement(names: list[str]) -> Statement:
    price = Price(tier="starter", base_cost=Decimal("49.00"), device_cost=Decimal("0.59"), included_devices=25)
    bill = bill_of(price, 42, (us("2026-04-01T00:00:00"), us("2026-05-01T00:00:00")))
    active = [ActiveDevices(customer_id=n or None, name=name, devices=42 // len(names)) for n, name in enumerate(names)]
    return Statement(
        id=7, organization="Acme", plan="p", bill=bill, parts=parts_of(bill, active), created_us=us("2026-05-01T00:10:00")
    )
