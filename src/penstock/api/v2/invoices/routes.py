"""Invoices over the native API: lists, previews, payment, cancellation, and the caller's own."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.invoices import wire
from penstock.api.v2.invoices.examples import (
    CREDIT_NOTE_CONTENT,
    CUSTOMER_PATH,
    INVOICE,
    INVOICE_PATH,
    PAID,
    PREVIEW,
    SUMMARY,
)
from penstock.api.v2.invoices.translate import from_core_invoice, from_core_preview, from_core_summary
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.wire import ListOf, Page
from penstock.core.invoices.models import InvoiceState, IssuedInvoice
from penstock.core.invoices.periods import parse_period
from penstock.core.invoices.service import InvoiceService
from penstock.core.invoices.store import InvoiceFilter
from penstock.kit.ids import InvoiceId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "billing:read", "billing:write"


class InvoiceEndpoints:
    """Read invoices, record payments, and cancel."""

    routes = Routes("/api/v2/invoices", surface="v2", tag="Invoices")
    routes_of_customers = Routes("/api/v2/customers", surface="v2", tag="Invoices")
    routes_oneself = Routes("/api/v2/profile/invoices", surface="v2", tag="Oneself")

    def __init__(self, invoices: InvoiceService) -> None:
        self._invoices = invoices

    @routes.get(scope=READ, of_customer=True, example=Example(answer={"data": [SUMMARY], "next_cursor": None}))
    async def list(self, call: Call[wire.InvoiceQuery, None]) -> ListOf[wire.InvoiceSummary]:
        """List invoices and credit notes.

        Newest first. Of a customer, those of its residents as well.
        """
        page = await self._invoices.list(call.actor, _filter(call.query), call.query.limit, call.query.cursor)
        return ListOf([from_core_summary(one) for one in page.items], page.next_cursor)

    @routes_of_customers.get(
        "/{customer_id}/invoices/preview",
        scope=READ,
        example=Example(path=CUSTOMER_PATH, query={"period": "2026-05", "resident_id": "res_0c2k9fq7w3r8d"}, answer=PREVIEW),
        refuses=(409,),
    )
    async def preview(self, call: Call[wire.PreviewQuery, None]) -> wire.Preview:
        """Preview an invoice.

        It is what would be issued for the period now, and is not stored.
        """
        customer_id = path_id(Prefix.CUSTOMER, call.path["customer_id"])
        resident = call.query.resident_id
        resident_id = None if resident is None else body_id(Prefix.RESIDENT, resident, "resident_id")
        return from_core_preview(await self._invoices.preview(call.actor, customer_id, resident_id, call.query.period))

    @routes.get("/{invoice_id}", scope=READ, of_customer=True, example=Example(path=INVOICE_PATH, answer=INVOICE))
    async def get(self, call: Call[None, None]) -> wire.Invoice:
        """Get an invoice or credit note."""
        return from_core_invoice(await self._invoices.get(call.actor, _invoice_id(call)))

    @routes.post(
        "/{invoice_id}/mark-paid",
        scope=WRITE,
        example=Example(path=INVOICE_PATH, body={"at": "2026-06-10T09:00:00Z", "note": "bank transfer"}, answer=PAID),
        refuses=(409,),
    )
    async def mark_paid(self, call: Call[None, wire.PaymentWrite]) -> wire.Invoice:
        """Record that an invoice was paid."""
        at_us = None if call.body.at is None else parse_moment(call.body.at, "at")
        return from_core_invoice(await self._invoices.mark_paid(call.actor, _invoice_id(call), at_us, call.body.note))

    @routes.post("/{invoice_id}/mark-unpaid", scope=WRITE, example=Example(path=INVOICE_PATH, answer=INVOICE), refuses=(409,))
    async def mark_unpaid(self, call: Call[None, None]) -> wire.Invoice:
        """Take back that an invoice was paid."""
        return from_core_invoice(await self._invoices.mark_unpaid(call.actor, _invoice_id(call)))

    @routes.post(
        "/{invoice_id}/cancel",
        scope=WRITE,
        status=201,
        example=Example(path=INVOICE_PATH, body={"reason": "wrong tariff"}, answer=CREDIT_NOTE_CONTENT),
        refuses=(409,),
    )
    async def cancel(self, call: Call[None, wire.CancelWrite]) -> wire.Invoice:
        """Cancel an invoice.

        Returns its credit note, which has the same lines negated. The period can then be closed again. An invoice that a later
        one corrects can be cancelled only after that one.
        """
        note = await self._invoices.cancel(call.actor, _invoice_id(call), call.body.reason)
        return from_core_invoice(IssuedInvoice(invoice=note))

    @routes_oneself.get(
        scope="profile:read",
        session=True,
        of_resident=True,
        example=Example(answer={"data": [SUMMARY], "next_cursor": None}),
    )
    async def own(self, call: Call[Page, None]) -> ListOf[wire.InvoiceSummary]:
        """List your invoices.

        Only residents have any; for other callers the list is empty.
        """
        page = await self._invoices.list_own(call.actor, call.query.limit, call.query.cursor)
        return ListOf([from_core_summary(one) for one in page.items], page.next_cursor)

    @routes_oneself.get(
        "/{invoice_id}",
        scope="profile:read",
        session=True,
        of_resident=True,
        example=Example(path=INVOICE_PATH, answer=INVOICE),
    )
    async def own_invoice(self, call: Call[None, None]) -> wire.Invoice:
        """Get one of your invoices.

        Other users need the scope `billing:read`.
        """
        return from_core_invoice(await self._invoices.get_own(call.actor, _invoice_id(call)))


def _filter(query: wire.InvoiceQuery) -> InvoiceFilter:
    return InvoiceFilter(
        customer_id=None if query.customer_id is None else body_id(Prefix.CUSTOMER, query.customer_id, "customer_id"),
        resident_id=None if query.resident_id is None else body_id(Prefix.RESIDENT, query.resident_id, "resident_id"),
        period=None if query.period is None else parse_period(query.period).name,
        state=None if query.state is None else InvoiceState(query.state),
        number=query.number,
    )


def _invoice_id(call: Call[Any, Any]) -> InvoiceId:
    return path_id(Prefix.INVOICE, call.path["invoice_id"])
