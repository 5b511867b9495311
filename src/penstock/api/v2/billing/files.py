"""Statements as CSV. The same statement produces the same bytes."""

from __future__ import annotations

import csv
import io

from penstock.api.shared.cells import cell
from penstock.core.billing.models import Statement
from penstock.kit.ids import Prefix, encode


def as_csv(statement: Statement) -> bytes:
    """One line per customer, then the total; each with the month and the currency."""
    bill = statement.bill
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["month", "customer_id", "customer", "active_devices", "amount", "currency"])
    for part in statement.parts:
        customer_id = "" if part.customer_id is None else encode(Prefix.CUSTOMER, part.customer_id)
        out.writerow([statement.month, customer_id, cell(part.label), part.active_devices, part.amount, bill.currency])
    out.writerow([statement.month, "", "Total", bill.active_devices, bill.total_cost, bill.currency])
    return text.getvalue().encode()
