"""The list of invoices, one invoice with its files and payment, and previews."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.bills.tabs import HERE, bill_tabs
from penstock.api.console.bills.view import with_days
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.cookies import Notice
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import RESIDENT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

LIST, SHOW, PREVIEW = "bills/list.html", "bills/show.html", "bills/preview.html"
ONE = "/api/v2/invoices/{invoice_id}"
PAGE_SIZE = "50"
MAX_BULK = 200
FILTERS = ("customer_id", "resident_id", "period", "state", "number")


class InvoicePages:
    """Invoices and credit notes."""

    pages = Pages("/bills", nav="bills")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list."""
        page = {"cursor": visit.query.get("cursor"), "limit": PAGE_SIZE}
        if visit.viewer.role == RESIDENT:
            found = await visit.get("/api/v2/profile/invoices", query=page)
        else:
            asked = {name: visit.query.get(name) for name in FILTERS}
            found = await visit.get("/api/v2/invoices", query=asked | page)
        return Page(
            LIST,
            title="Bills",
            tabs=bill_tabs(visit),
            invoices=found["data"],
            next_cursor=found["next_cursor"],
        )

    @pages.post("/bulk")
    async def mark_many(self, visit: Visit) -> Redirect:
        """Record that the chosen invoices were paid, one call for each."""
        ids = visit.form.all("ids")
        if not 0 < len(ids) <= MAX_BULK:
            return Redirect(HERE, Notice("bad", f"Choose 1 to {MAX_BULK} invoices."))
        answers = [await visit.send("POST", f"{ONE}/mark-paid", path={"invoice_id": one}, body={}) for one in ids]
        refused = [str(answer.value.get("detail", "not possible")) for answer in answers if not answer.ok]
        if refused:
            text = f"{len(ids) - len(refused)} of {len(ids)} payments recorded. First error: {refused[0]}"
            return Redirect(HERE, Notice("bad", text))
        return visit.done(HERE, f"Payments recorded: {len(ids)}.")

    @pages.get("/preview")
    async def show_preview(self, visit: Visit) -> Page:
        """Show what would be issued for a period now."""
        customer_id = visit.query.get("customer_id", "")
        query = {"period": visit.query.get("period"), "resident_id": visit.query.get("resident_id")}
        path = {"customer_id": customer_id or "-"}
        answer = await visit.send("GET", "/api/v2/customers/{customer_id}/invoices/preview", path=path, query=query)
        invoice = with_days(answer.value) if answer.ok else None
        problem = "" if answer.ok else str(answer.value.get("detail", ""))
        return Page(PREVIEW, title="Preview of an invoice", customer_id=customer_id, invoice=invoice, problem=problem)

    @pages.get("/{invoice_id}")
    async def show(self, visit: Visit) -> Page:
        """Show an invoice or credit note."""
        return await self._show(visit, Form())

    @pages.post("/{invoice_id}/paid")
    async def mark_paid(self, visit: Visit) -> Page | Redirect:
        """Record that it was paid."""
        return await self._sent(visit, "mark-paid", visit.form.body("at", "note"), "Payment recorded.")

    @pages.post("/{invoice_id}/unpaid")
    async def mark_unpaid(self, visit: Visit) -> Page | Redirect:
        """Take back that it was paid."""
        return await self._sent(visit, "mark-unpaid", None, "Payment taken back.")

    @pages.post("/{invoice_id}/send")
    async def send(self, visit: Visit) -> Page | Redirect:
        """Send it by mail."""
        return await self._sent(visit, "send", visit.form.body("to"), "The invoice will be sent by mail.")

    @pages.post("/{invoice_id}/cancel")
    async def cancel(self, visit: Visit) -> Page | Redirect:
        """Cancel it with a credit note."""
        try:
            note = await visit.do("POST", f"{ONE}/cancel", path=visit.params, body={"reason": visit.form.value("reason").strip()})
        except ApiFailed as error:
            return await self._show(visit, visit.form.failed(error.problem), error.status)
        return visit.done(f"{HERE}/{note['id']}", f"Cancelled by credit note {note['number']}.")

    async def _sent(self, visit: Visit, action: str, body: Any, text: str) -> Page | Redirect:
        answer = await visit.send("POST", f"{ONE}/{action}", path=visit.params, body=body)
        if not answer.ok:
            return await self._show(visit, visit.form.failed(answer.value), answer.status)
        return visit.done(f"{HERE}/{visit.params['invoice_id']}", text)

    async def _show(self, visit: Visit, form: Form, status: int = 200) -> Page:
        own = visit.viewer.role == RESIDENT
        place = "/api/v2/profile/invoices/{invoice_id}" if own else ONE
        invoice, mails = await asyncio.gather(
            visit.get(place, path=visit.params), visit.find(f"{ONE}/mails", path=visit.params, query={"limit": "50"})
        )
        files = f"/console{place}/file".replace("{invoice_id}", invoice["id"])
        return Page(
            SHOW,
            title=f"{'Credit note' if invoice['kind'] == 'credit_note' else 'Invoice'} {invoice['number']}",
            status=status,
            invoice=with_days(invoice),
            mails=mails["data"] if mails else [],
            files=files,
            form=form,
        )
