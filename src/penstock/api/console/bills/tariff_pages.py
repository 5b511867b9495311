"""Tariffs with their versions."""

from __future__ import annotations

from typing import Any

from penstock.api.console.bills.forms import CHARGE_ROWS, ITEM_ROWS, rows_of, version_body, version_form, version_names
from penstock.api.console.bills.tabs import HERE, bill_tabs
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

LIST, SHOW, EDIT = "bills/tariffs.html", "bills/tariff.html", "bills/tariff_form.html"
ONE = "/api/v2/tariffs/{tariff_id}"
AT = f"{HERE}/tariffs"


class TariffPages:
    """Tariffs."""

    pages = Pages("/bills/tariffs", nav="bills")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list."""
        found = await visit.get("/api/v2/tariffs", query=visit.asked("q", "sort", "cursor") | {"limit": "50"})
        return Page(LIST, title="Tariffs", tabs=bill_tabs(visit), tariffs=found["data"], next_cursor=found["next_cursor"])

    @pages.get("/new")
    async def show_new(self, visit: Visit) -> Page:
        """Show the form of a new tariff."""
        return _form_page(Form.showing({"currency": "EUR", "items-0-kind": "volume", "items-0-unit": "m3"}))

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create a tariff."""
        body = visit.form.body("name", "currency") | version_body(visit.form)
        answer = await visit.send("POST", "/api/v2/tariffs", body=body)
        if not answer.ok:
            return _form_page(visit.form.failed(answer.value, version_names(visit.form)), answer.status)
        return visit.done(f"{AT}/{answer.value['id']}", "Tariff created.")

    @pages.get("/{tariff_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a tariff."""
        return await self._show(visit, Form())

    @pages.post("/{tariff_id}/rename")
    async def rename(self, visit: Visit) -> Page | Redirect:
        """Change the name."""
        answer = await visit.send("PATCH", ONE, path=visit.params, body=visit.form.body("name"))
        if not answer.ok:
            return await self._show(visit, visit.form.failed(answer.value), answer.status)
        return visit.done(_at(visit), "Name changed.")

    @pages.post("/{tariff_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete the tariff."""
        return await _acted(visit, ONE, visit.params, AT, "Tariff deleted.")

    @pages.get("/{tariff_id}/versions/new")
    async def show_version(self, visit: Visit) -> Page:
        """Show the form of other prices from a day on, with the latest ones."""
        tariff = await visit.get(ONE, path=visit.params)
        form = version_form(tariff["versions"][-1] | {"from": None, "to": None})
        return _form_page(form, tariff=tariff)

    @pages.post("/{tariff_id}/versions/new")
    async def add_version(self, visit: Visit) -> Page | Redirect:
        """Change prices from a day on."""
        answer = await visit.send("POST", f"{ONE}/versions", path=visit.params, body=version_body(visit.form))
        if not answer.ok:
            form = visit.form.failed(answer.value, version_names(visit.form))
            return _form_page(form, answer.status, await visit.get(ONE, path=visit.params))
        return visit.done(_at(visit), "Prices changed.")

    @pages.post("/{tariff_id}/versions/delete")
    async def delete_version(self, visit: Visit) -> Redirect:
        """Delete the version that begins on a day."""
        path = visit.params | {"first_day": visit.form.value("first_day") or "-"}
        return await _acted(visit, f"{ONE}/versions/{{first_day}}", path, _at(visit), "Version deleted.")

    async def _show(self, visit: Visit, form: Form, status: int = 200) -> Page:
        tariff = await visit.get(ONE, path=visit.params)
        return Page(SHOW, title=tariff["name"], status=status, tariff=tariff, form=form)


def _form_page(form: Form, status: int = 200, tariff: dict[str, Any] | None = None) -> Page:
    title = f"Prices of {tariff['name']} from a day on" if tariff else "New tariff"
    return Page(
        EDIT,
        title=title,
        status=status,
        form=form,
        tariff=tariff,
        item_rows=rows_of(form, "items", "price", ITEM_ROWS),
        charge_rows=rows_of(form, "standing", "amount", CHARGE_ROWS),
    )


async def _acted(visit: Visit, template: str, path: dict[str, str], location: str, text: str) -> Redirect:
    try:
        await visit.do("DELETE", template, path=path)
    except ApiFailed as error:
        return visit.refused(_at(visit), error)
    return visit.done(location, text)


def _at(visit: Visit) -> str:
    return f"{AT}/{visit.params['tariff_id']}"
