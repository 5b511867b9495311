"""Converts bills and statements between wire structs and core models."""

from __future__ import annotations

from typing import Any

from penstock.api.v2.billing.wire import Statement, StatementPart
from penstock.core.billing import models
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode


def from_core_statement(statement: models.Statement) -> Statement:
    return Statement(
        **from_core_bill(statement.bill),
        id=encode(Prefix.STATEMENT, statement.id),
        month=statement.month,
        created_at=format_time(statement.created_us),
        parts=[
            StatementPart(
                customer_id=None if part.customer_id is None else encode(Prefix.CUSTOMER, part.customer_id),
                customer=part.name,
                active_devices=part.active_devices,
                amount=str(part.amount),
            )
            for part in statement.parts
        ],
    )


def from_core_bill(bill: models.Bill) -> dict[str, Any]:
    return {
        "tier": bill.tier,
        "from_": format_time(bill.begin_us),
        "to": format_time(bill.end_us),
        "active_devices": bill.active_devices,
        "included_devices": bill.included_devices,
        "overage_devices": bill.overage_devices,
        "base_cost": str(bill.base_cost),
        "overage_cost": str(bill.overage_cost),
        "total_cost": str(bill.total_cost),
        "currency": bill.currency,
    }
