"""The list of customers, and one customer with its consumption and residents."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.meters import view
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import NOT_FOUND, Visit

BAD_REQUEST = 400
HERE = f"{ROOT}/customers"
LIST, FORM, SHOW, RESIDENTS = "customers/list.html", "customers/form.html", "customers/show.html", "customers/residents.html"
ONE, ITS_RESIDENTS = "/api/v2/customers/{customer_id}", "/api/v2/customers/{customer_id}/residents"
ITS_CONSUMPTION = "/api/v2/customers/{customer_id}/consumption"
PAGE_SIZE = "50"
KINDS = ("volume", "reverse_volume", "energy", "reverse_energy", "heat", "cooling", "count")


class CustomerPages:
    """Customers and their residents."""

    pages = Pages("/customers", nav="customers")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list."""
        found = await visit.get("/api/v2/customers", query=visit.asked("q", "sort", "cursor") | {"limit": PAGE_SIZE})
        return Page(LIST, title="Customers", customers=found["data"], next_cursor=found["next_cursor"])

    @pages.get("/new")
    async def show_new(self, visit: Visit) -> Page:
        """Show the form of a new customer."""
        return _form_page(Form.showing({"timezone": visit.viewer.zone.key}))

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create a customer."""
        body = visit.form.body("name", "admin_email", "tenant_name", "timezone")
        answer = await visit.send("POST", "/api/v2/customers", body=body)
        if not answer.ok:
            return _form_page(visit.form.failed(answer.value), answer.status)
        return visit.done(f"{HERE}/{answer.value['id']}", "Customer created.")

    @pages.get("/{customer_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a customer with its consumption."""
        customer = await visit.get(ONE, path=visit.params)
        scope = {"customer_id": customer["id"]}
        query = view.span_of(visit, "365d", "month") | {
            "timezone": customer["timezone"],
            "kind": visit.query.get("kind", "volume"),
            "role": visit.query.get("role", "leaf"),
        }
        used, suspects, alarms, invoices = await asyncio.gather(
            visit.send("GET", ITS_CONSUMPTION, path=visit.params, query=query),
            visit.find("/api/v2/customers/{customer_id}/meter/values", path=visit.params, query={"limit": "100"}),
            visit.find("/api/v2/meter-alarms", query=scope | {"state": "open", "limit": "100"}),
            visit.find("/api/v2/invoices", query=scope | {"limit": "12"}),
        )
        amounts = used.value["data"] if used.ok else []
        unit = used.value["unit"] if used.ok else ""
        return Page(
            SHOW,
            title=customer["name"],
            customer=customer,
            consumption=used.value if used.ok else None,
            problem="" if used.ok else used.value.get("detail", ""),
            series=view.series_of(amounts, unit),
            total=view.total_of(amounts),
            shown=query,
            kinds=KINDS,
            suspects=sum(len(one["values"]) for one in suspects["data"]) if suspects else 0,
            alarms=alarms["data"] if alarms else [],
            invoices=invoices["data"] if invoices else None,
        )

    @pages.get("/{customer_id}/residents")
    async def show_residents(self, visit: Visit) -> Page:
        """Show the residents, and forms that add or invite one."""
        return await self._residents(visit, Form())

    @pages.post("/{customer_id}/residents")
    async def add_resident(self, visit: Visit) -> Page | Redirect:
        """Add a resident."""
        answer = await visit.send("POST", ITS_RESIDENTS, path=visit.params, body=visit.form.body("name", "email"))
        if not answer.ok:
            return await self._residents(visit, visit.form.failed(answer.value), answer.status)
        return visit.done(_at(visit, "/residents"), "Resident added.")

    @pages.post("/{customer_id}/residents/{resident_id}/delete")
    async def delete_resident(self, visit: Visit) -> Redirect:
        """Delete a resident."""
        call = ("DELETE", f"{ITS_RESIDENTS}/{{resident_id}}")
        return await _acted(visit, *call, location=_at(visit, "/residents"), text="Resident deleted.")

    @pages.post("/{customer_id}/residents/{resident_id}/invite")
    async def invite_resident(self, visit: Visit) -> Redirect:
        """Invite a resident to sign in."""
        call = ("POST", f"{ITS_RESIDENTS}/{{resident_id}}/invitation")
        return await _acted(visit, *call, location=_at(visit, "/residents"), text="Invitation sent by mail.")

    @pages.post("/{customer_id}/managers/invite")
    async def invite_manager(self, visit: Visit) -> Page | Redirect:
        """Invite someone to manage the customer."""
        body = {"email": visit.form.value("manager_email").strip()}
        answer = await visit.send("POST", f"{ONE}/managers/invitation", path=visit.params, body=body)
        if not answer.ok:
            return await self._residents(visit, visit.form.failed(answer.value, {"manager_email": "email"}), answer.status)
        return visit.done(_at(visit, "/residents"), "Invitation sent by mail.")

    @pages.get("/{customer_id}/edit")
    async def show_edit(self, visit: Visit) -> Page:
        """Show the form that changes a customer."""
        customer = await visit.get(ONE, path=visit.params)
        return _form_page(Form.showing(customer), customer=customer)

    @pages.post("/{customer_id}/edit")
    async def update(self, visit: Visit) -> Page | Redirect:
        """Change a customer."""
        answer = await visit.send("PATCH", ONE, path=visit.params, body=visit.form.body("name", "admin_email", "timezone"))
        if not answer.ok:
            customer = await visit.get(ONE, path=visit.params)
            return _form_page(visit.form.failed(answer.value), answer.status, customer)
        return visit.done(_at(visit), "Customer changed.")

    @pages.post("/{customer_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete a customer."""
        try:
            await visit.do("DELETE", ONE, path=visit.params)
        except ApiFailed as error:
            return visit.refused(_at(visit), error)
        return visit.done(HERE, "Customer deleted.")

    @pages.post("/{customer_id}/register-devices")
    async def register(self, visit: Visit) -> Redirect:
        """Register the devices that reported under the customer's name."""
        try:
            made = await visit.do("POST", f"{ONE}/register-unregistered-devices", path=visit.params)
        except ApiFailed as error:
            return visit.refused(_at(visit, "/residents"), error)
        more = ", more wait" if made["has_more"] else ""
        return visit.done(_at(visit, "/residents"), f"Devices registered: {len(made['device_ids'])}{more}.")

    @pages.post("/{customer_id}/place")
    async def place(self, visit: Visit) -> Page | Redirect:
        """Assign a device to the customer or to one of its residents."""
        form = visit.form
        resident = form.value("resident_id")
        where = {"resident_id": resident} if resident else {"customer_id": visit.params["customer_id"]}
        path = {"device_id": form.value("device_id").strip() or "-"}
        answer = await visit.send("PUT", "/api/v2/devices/{device_id}/placement", path=path, body=where | form.body("from"))
        if not answer.ok:
            # A device that does not exist is an error of the field here, and not of this page.
            status = BAD_REQUEST if answer.status == NOT_FOUND else answer.status
            return await self._residents(visit, form.failed(answer.value), status)
        return visit.done(_at(visit, "/residents"), "Device assigned.")

    async def _residents(self, visit: Visit, form: Form, status: int = 200) -> Page:
        scope: dict[str, str | None] = {"customer_id": visit.params["customer_id"], "limit": "200"}
        customer, residents, devices, waiting = await asyncio.gather(
            visit.get(ONE, path=visit.params),
            visit.get(ITS_RESIDENTS, path=visit.params, query=visit.asked("q", "sort", "cursor") | {"limit": PAGE_SIZE}),
            visit.find("/api/v2/devices", query=scope),
            visit.find("/api/v2/unregistered-devices", query=scope),
        )
        found: list[dict[str, Any]] = devices["data"] if devices else []
        return Page(
            RESIDENTS,
            title=f"{customer['name']}: residents and devices",
            status=status,
            customer=customer,
            residents=residents["data"],
            next_cursor=residents["next_cursor"],
            devices=found,
            waiting=waiting["data"] if waiting else [],
            form=form,
        )


def _form_page(form: Form, status: int = 200, customer: dict[str, Any] | None = None) -> Page:
    title = f"Change {customer['name']}" if customer else "New customer"
    return Page(FORM, title=title, status=status, form=form, customer=customer)


def _at(visit: Visit, below: str = "") -> str:
    return f"{HERE}/{visit.params['customer_id']}{below}"


async def _acted(visit: Visit, method: str, template: str, *, location: str, text: str) -> Redirect:
    try:
        await visit.do(method, template, path=visit.params)
    except ApiFailed as error:
        return visit.refused(location, error)
    return visit.done(location, text)
