"""How a customer is billed: invoicing, its address, and its tariffs."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.bills.forms import party_body, party_form
from penstock.api.console.customers.pages import HERE, ONE
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

BILLING = "customers/billing.html"
INVOICING, PARTY, TARIFFS = f"{ONE}/invoicing", f"{ONE}/billing-party", f"{ONE}/tariffs"
FREE_ROWS = 2


class CustomerBillingPages:
    """The forms of a customer's invoicing, address and tariffs."""

    pages = Pages("/customers/{customer_id}/billing", nav="customers")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the forms."""
        return await self._page(visit)

    @pages.post("/invoicing")
    async def set_invoicing(self, visit: Visit) -> Page | Redirect:
        """Set how the customer is invoiced."""
        form = visit.form
        body = form.body(
            "target",
            "period",
            "number_prefix",
            "locale",
            due_days=form.number("due_days"),
            close_after_days=form.number("close_after_days"),
            auto_close=form.flag("auto_close"),
            hold_if_suspect=form.flag("hold_if_suspect"),
            send_by_mail=form.flag("send_by_mail"),
        )
        return await self._set(visit, INVOICING, body, "invoicing", "Invoicing changed.")

    @pages.post("/party")
    async def set_party(self, visit: Visit) -> Page | Redirect:
        """Set the customer as buyer on invoices."""
        return await self._set(visit, PARTY, party_body(visit.form), "party", "Address changed.")

    @pages.post("/tariffs")
    async def set_tariffs(self, visit: Visit) -> Page | Redirect:
        """Set the tariffs of the customer."""
        chosen = [_assignment(visit.form, number) for number in range(100) if visit.form.value(f"tariffs[{number}].tariff_id")]
        return await self._set(visit, TARIFFS, {"tariffs": chosen}, "tariffs", "Tariffs changed.")

    async def _set(self, visit: Visit, template: str, body: dict[str, Any], part: str, text: str) -> Page | Redirect:
        answer = await visit.send("PUT", template, path=visit.params, body=body)
        if not answer.ok:
            return await self._page(visit, {part: visit.form.failed(answer.value)}, answer.status)
        return visit.done(f"{HERE}/{visit.params['customer_id']}/billing", text)

    async def _page(self, visit: Visit, forms: dict[str, Form] | None = None, status: int = 200) -> Page:
        customer, invoicing, party, assigned, tariffs = await asyncio.gather(
            visit.get(ONE, path=visit.params),
            visit.get(INVOICING, path=visit.params),
            visit.get(PARTY, path=visit.params),
            visit.get(TARIFFS, path=visit.params),
            visit.get("/api/v2/tariffs", query={"limit": "1000"}),
        )
        own = assigned["tariffs"]
        shown = {"invoicing": Form.showing(invoicing), "party": party_form(party), "tariffs": _tariffs_form(own)} | (forms or {})
        return Page(
            BILLING,
            title=f"{customer['name']}: billing",
            status=status,
            customer=customer,
            invoicing=invoicing,
            tariffs=tariffs["data"],
            rows=len(own) + FREE_ROWS,
            forms=shown,
        )


def _assignment(form: Form, number: int) -> dict[str, Any]:
    found = {name: form.value(f"tariffs[{number}].{name}") for name in ("tariff_id", "from", "to")}
    return {name: value for name, value in found.items() if value}


def _tariffs_form(assigned: list[dict[str, Any]]) -> Form:
    values = {f"tariffs[{at}].{name}": one[name] for at, one in enumerate(assigned) for name in ("tariff_id", "from", "to")}
    return Form.showing(values)
