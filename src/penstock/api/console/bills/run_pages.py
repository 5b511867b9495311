"""Closing runs and held accounts."""

from __future__ import annotations

import asyncio

from penstock.api.console.bills.tabs import HERE, bill_tabs
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

LIST, SHOW = "bills/runs.html", "bills/run.html"
ONE = "/api/v2/invoice-runs/{invoice_run_id}"
AT = f"{HERE}/runs"


class RunPages:
    """Closing runs."""

    pages = Pages("/bills/runs", nav="bills")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the runs and what is held."""
        return await self._list(visit, Form())

    @pages.post()
    async def create(self, visit: Visit) -> Page | Redirect:
        """Close a period."""
        form = visit.form
        body = form.body("period", customer_ids=form.all("customer_ids") or None)
        answer = await visit.send("POST", "/api/v2/invoice-runs", body=body)
        if not answer.ok:
            return await self._list(visit, form.failed(answer.value), answer.status)
        return visit.done(f"{AT}/{answer.value['id']}", "The period is being closed.")

    @pages.get("/{invoice_run_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a run with its progress."""
        run = await visit.get(ONE, path=visit.params)
        invoices = await visit.find("/api/v2/invoices", query={"period": run["period"], "limit": "50"})
        return Page(SHOW, title=f"Closing of {run['period']}", run=run, invoices=invoices["data"] if invoices else [])

    @pages.post("/{invoice_run_id}/cancel")
    async def cancel(self, visit: Visit) -> Redirect:
        """Stop a run."""
        location = f"{AT}/{visit.params['invoice_run_id']}"
        try:
            await visit.do("POST", f"{ONE}/cancel", path=visit.params)
        except ApiFailed as error:
            return visit.refused(location, error)
        return visit.done(location, "Run stopped. Invoices that it issued stay.")

    @pages.post("/holds/{hold_id}/release")
    async def release(self, visit: Visit) -> Redirect:
        """Close a held account's period."""
        try:
            await visit.do("POST", "/api/v2/invoice-holds/{hold_id}/release", path=visit.params)
        except ApiFailed as error:
            return visit.refused(AT, error)
        return visit.done(AT, "Released.")

    async def _list(self, visit: Visit, form: Form, status: int = 200) -> Page:
        runs, holds, customers = await asyncio.gather(
            visit.get("/api/v2/invoice-runs", query={"cursor": visit.query.get("cursor"), "limit": "50"}),
            visit.get("/api/v2/invoice-holds", query={"limit": "100"}),
            visit.find("/api/v2/customers", query={"limit": "1000"}),
        )
        return Page(
            LIST,
            title="Closing",
            status=status,
            tabs=bill_tabs(visit),
            runs=runs["data"],
            next_cursor=runs["next_cursor"],
            holds=holds["data"],
            customers={one["id"]: one["name"] for one in customers["data"]} if customers else {},
            form=form,
        )
