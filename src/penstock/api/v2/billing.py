"""Bills over the native API."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.decoding import path_id
from penstock.api.v2.export import file_writer
from penstock.api.v2.statement_files import as_csv, as_pdf, month_of
from penstock.api.v2.wire import ListOf, Page
from penstock.core.billing import models
from penstock.core.billing.service import BillingService
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, StatementId, encode
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


class StatementPart(Struct, frozen=True):
    """What of a statement falls to a customer; null: to devices that are placed nowhere. `customer` is empty when it is gone."""

    customer_id: str | None
    customer: str
    active_devices: int
    amount: str


class Statement(BillSummary, frozen=True, rename={"from_": "from"}):
    """The bill of a month that is over. It never changes; its parts add up to `total_cost`."""

    id: str
    month: str
    created_at: str
    parts: list[StatementPart]


class FileQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """As what to send it."""

    format: Literal["csv", "pdf"] = "pdf"


STATEMENTS = "/api/v2/billing/statements"
STATEMENT_PATH = {"statement_id": "sta_0c2k9fq7w3s7q"}
BILL = {
    "tier": "starter",
    "from": "2026-04-01T00:00:00Z",
    "to": "2026-05-01T00:00:00Z",
    "active_devices": 42,
    "included_devices": 25,
    "overage_devices": 17,
    "base_cost": "49.00",
    "overage_cost": "10.03",
    "total_cost": "59.03",
    "currency": "EUR",
}
STATEMENT = BILL | {
    "id": "sta_0c2k9fq7w3s7q",
    "month": "2026-04",
    "created_at": "2026-05-01T00:10:00Z",
    "parts": [
        {"customer_id": None, "customer": "", "active_devices": 2, "amount": "2.81"},
        {"customer_id": "cus_0c2k9fq7w3c5d", "customer": "Riverside", "active_devices": 40, "amount": "56.22"},
    ],
}


class BillingEndpoints:
    """The bill of the month so far, and statements of those before."""

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
        return BillSummary(**_bill(await self._billing.summary(call.actor)))

    @operation(
        "GET",
        STATEMENTS,
        surface="v2",
        tag="Billing",
        summary="List statements",
        description="One for each month (UTC) that ended on a plan with a price, the latest first. They never change.",
        scope="billing:read",
        query=Page,
        answer=ListOf[Statement],
        example=Example(answer={"data": [STATEMENT], "next_cursor": None}),
    )
    async def list(self, call: Call[Page, None]) -> ListOf[Statement]:
        page = await self._billing.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([_statement(one) for one in page.items], page.next_cursor)

    @operation(
        "GET",
        f"{STATEMENTS}/{{statement_id}}",
        surface="v2",
        tag="Billing",
        summary="Get a statement",
        scope="billing:read",
        answer=Statement,
        example=Example(path=STATEMENT_PATH, answer=STATEMENT),
    )
    async def get(self, call: Call[None, None]) -> Statement:
        return _statement(await self._billing.get(call.actor, _statement_id(call)))

    @operation(
        "GET",
        f"{STATEMENTS}/{{statement_id}}/file",
        surface="v2",
        tag="Billing",
        summary="A statement as a file",
        scope="billing:read",
        query=FileQuery,
        answer=str,
        media_type="application/pdf",
        other_media_types=("text/csv",),
        example=Example(
            path=STATEMENT_PATH,
            query={"format": "csv"},
            answer="month,customer_id,customer,active_devices,amount,currency\r\n2026-04,,Total,42,59.03,EUR\r\n",
        ),
    )
    async def file(self, call: Call[FileQuery, None]) -> Stream:
        statement = await self._billing.get(call.actor, _statement_id(call))
        name = f"statement-{month_of(statement)}.{call.query.format}"
        if call.query.format == "csv":
            return Stream(write=file_writer(as_csv(statement), b"text/csv; charset=utf-8", name))
        return Stream(write=file_writer(as_pdf(statement), b"application/pdf", name))


def _statement_id(call: Call[Any, Any]) -> StatementId:
    return path_id(Prefix.STATEMENT, call.path["statement_id"])


def _statement(statement: models.Statement) -> Statement:
    return Statement(
        **_bill(statement.bill),
        id=encode(Prefix.STATEMENT, statement.id),
        month=month_of(statement),
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


def _bill(bill: models.Bill) -> dict[str, Any]:
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
