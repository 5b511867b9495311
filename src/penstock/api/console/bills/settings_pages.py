"""The seller on invoices with its logo, and the statements of the organisation's own plan."""

from __future__ import annotations

import asyncio

from penstock.api.console.bills.forms import party_body, party_form
from penstock.api.console.bills.tabs import HERE, bill_tabs
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

SETTINGS, PLAN = "bills/settings.html", "bills/plan.html"
SELLER, LOGO = "/api/v2/organization/billing-party", "/api/v2/organization/logo"
AT = f"{HERE}/settings"


class BillSettingsPages:
    """Settings of bills."""

    pages = Pages("/bills", nav="bills")

    @pages.get("/settings")
    async def show(self, visit: Visit) -> Page:
        """Show the forms."""
        return await self._page(visit)

    @pages.post("/settings")
    async def set_seller(self, visit: Visit) -> Page | Redirect:
        """Set the seller."""
        answer = await visit.send("PUT", SELLER, body=party_body(visit.form))
        if not answer.ok:
            return await self._page(visit, visit.form.failed(answer.value), answer.status)
        return visit.done(AT, "Seller changed.")

    @pages.post("/settings/logo/delete")
    async def delete_logo(self, visit: Visit) -> Redirect:
        """Remove the logo."""
        try:
            await visit.do("DELETE", LOGO)
        except ApiFailed as error:
            return visit.refused(AT, error)
        return visit.done(AT, "Logo removed.")

    @pages.get("/plan")
    async def show_plan(self, visit: Visit) -> Page:
        """Show the bill of the month to date, and statements."""
        summary, statements = await asyncio.gather(
            visit.get("/api/v2/billing/summary"),
            visit.get("/api/v2/billing/statements", query={"cursor": visit.query.get("cursor"), "limit": "24"}),
        )
        return Page(
            PLAN,
            title="Your plan",
            tabs=bill_tabs(visit),
            summary=summary,
            statements=statements["data"],
            next_cursor=statements["next_cursor"],
        )

    async def _page(self, visit: Visit, form: Form | None = None, status: int = 200) -> Page:
        seller = await visit.get(SELLER)
        form = form or party_form(seller)
        return Page(SETTINGS, title="Seller", status=status, tabs=bill_tabs(visit), form=form)
