"""Bills over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.billing.examples import STATEMENT, STATEMENT_PATH
from penstock.api.v2.billing.files import as_csv
from penstock.api.v2.billing.translate import from_core_bill, from_core_statement
from penstock.api.v2.billing.wire import BillSummary, FileQuery, Statement
from penstock.api.v2.telemetry.export import file_writer
from penstock.api.v2.wire import ListOf, Page
from penstock.core.billing.ports import StatementPrinter
from penstock.core.billing.service import BillingService
from penstock.kit.ids import Prefix, StatementId
from penstock.kit.operation import Example


class BillingEndpoints:
    """The bill of the month to date, and the statements of completed months."""

    routes = Routes("/api/v2/billing", surface="v2", tag="Billing")

    def __init__(self, billing: BillingService, printer: StatementPrinter) -> None:
        self._billing = billing
        self._printer = printer

    @routes.get(
        "/summary",
        scope="billing:read",
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
        """Get the bill of the month to date.

        The month is the calendar month in UTC. A device is active if it reported at least once in that month.
        """
        return BillSummary(**from_core_bill(await self._billing.summary(call.actor)))

    @routes.get(
        "/statements",
        scope="billing:read",
        example=Example(answer={"data": [STATEMENT], "next_cursor": None}),
    )
    async def list(self, call: Call[Page, None]) -> ListOf[Statement]:
        """List statements.

        One for each month (UTC) that ended on a plan with a price, newest first. They never change.
        """
        page = await self._billing.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([from_core_statement(one) for one in page.items], page.next_cursor)

    @routes.get(
        "/statements/{statement_id}",
        scope="billing:read",
        example=Example(path=STATEMENT_PATH, answer=STATEMENT),
    )
    async def get(self, call: Call[None, None]) -> Statement:
        """Get a statement."""
        return from_core_statement(await self._billing.get(call.actor, _statement_id(call)))

    @routes.get(
        "/statements/{statement_id}/file",
        scope="billing:read",
        media_type="application/pdf",
        other_media_types=("text/csv",),
        example=Example(
            path=STATEMENT_PATH,
            query={"format": "csv"},
            answer="month,customer_id,customer,active_devices,amount,currency\r\n2026-04,,Total,42,59.03,EUR\r\n",
        ),
    )
    async def file(self, call: Call[FileQuery, None]) -> Stream:
        """Get a statement as a file."""
        statement = await self._billing.get(call.actor, _statement_id(call))
        name = f"statement-{statement.month}.{call.query.format}"
        if call.query.format == "csv":
            return Stream(write=file_writer(as_csv(statement), b"text/csv; charset=utf-8", name))
        return Stream(write=file_writer(await self._printer.pdf(statement), b"application/pdf", name))


def _statement_id(call: Call[Any, Any]) -> StatementId:
    return path_id(Prefix.STATEMENT, call.path["statement_id"])
