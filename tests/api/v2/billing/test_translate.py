"""Statements as they are shown: sums keep their cents, and who is no customer has no id."""

from __future__ import annotations

from decimal import Decimal

from penstock.api.v2.billing.translate import from_core_statement
from penstock.core.billing.models import Part, Statement, bill_of
from penstock.core.tenancy.models import Price
from penstock.kit.ids import CustomerId, Prefix, StatementId, encode
from tests.core.billing.closed import us


def test_sums_are_text_with_two_decimals() -> None:
    price = Price(tier="starter", base_cost=Decimal("49.00"), device_cost=Decimal("0.50"), included_devices=25)
    bill = bill_of(price, 27, (us("2026-04-01T00:00:00"), us("2026-05-01T00:00:00")))
    parts = [
        Part(customer_id=None, name="", active_devices=1, amount=Decimal("25.00")),
        Part(customer_id=CustomerId(72), name="House", active_devices=1, amount=Decimal("25.00")),
    ]
    made = Statement(
        id=StatementId(7), organization="Acme", plan="p", bill=bill, parts=parts, created_us=us("2026-05-01T00:10:00")
    )
    found = from_core_statement(made)
    assert (found.base_cost, found.overage_cost, found.total_cost) == ("49.00", "1.00", "50.00")
    assert (found.month, found.from_, found.to) == ("2026-04", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z")
    assert [(part.customer_id, part.amount) for part in found.parts] == [
        (None, "25.00"),
        (encode(Prefix.CUSTOMER, CustomerId(72)), "25.00"),
    ]
