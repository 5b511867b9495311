"""The platform's statement of a month as a PDF. The same statement makes the same bytes."""

from __future__ import annotations

from penstock.adapters.documents.typesetting import Typesetter, Value
from penstock.core.billing.models import Statement
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode


class PdfStatements:
    """Implements `StatementPrinter`."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter

    async def pdf(self, statement: Statement) -> bytes:
        return await self._typesetter.in_thread(
            lambda: self._typesetter.pdf("statement", _values(statement), statement.created_us)
        )


def _values(statement: Statement) -> dict[str, Value]:
    bill = statement.bill
    return {
        "title": f"Statement {statement.month}",
        "author": statement.organization,
        "language": "en",
        "page": "Page {page} of {pages}",
        "paper": "a4",
        "facts": [
            statement.organization,
            f"Statement {encode(Prefix.STATEMENT, statement.id)}, made {format_time(statement.created_us)}",
            f"From {format_time(bill.begin_us)} to {format_time(bill.end_us)}, tier {bill.tier}",
            f"Active devices {bill.active_devices}, included {bill.included_devices}, beyond {bill.overage_devices}",
            f"Base {bill.base_cost} {bill.currency}, devices beyond {bill.overage_cost} {bill.currency}",
        ],
        "total": f"Total {bill.total_cost} {bill.currency}",
        "head": ["Customer", "Active devices", f"Amount ({bill.currency})"],
        "rows": [[part.label, str(part.active_devices), str(part.amount)] for part in statement.parts],
        "sum": ["Total", str(bill.active_devices), str(bill.total_cost)],
    }
