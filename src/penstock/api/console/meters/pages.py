"""The list of meters by customer, and one meter: consumption, values with their edits, and alarms."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.meters import view
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import RESIDENT, ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

HERE = f"{ROOT}/meters"
LIST, OWN, SHOW, VALUES, SETTINGS = (f"meters/{name}.html" for name in ("list", "own", "show", "values", "settings"))
DEVICE, METER = "/api/v2/devices/{device_id}", "/api/v2/devices/{device_id}/meter"
CONSUMPTION = f"{DEVICE}/consumption"
PAGE_SIZE = "50"
EDIT_TEXTS = {"confirm": "Value confirmed.", "void": "Value voided.", "correct": "Value corrected.", "add": "Value added."}


class MeterPages:
    """Meters and their counts."""

    pages = Pages("/meters", nav="meters")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page | Redirect:
        """Show the meters of a customer: of the first, if none is chosen."""
        if visit.viewer.role == RESIDENT:
            own = await visit.get("/api/v2/profile/devices", query={"cursor": visit.query.get("cursor"), "limit": PAGE_SIZE})
            return Page(OWN, title="Meters", devices=own["data"], next_cursor=own["next_cursor"])
        chosen = visit.query.get("customer_id")
        if not chosen:
            customers = (await visit.find("/api/v2/customers", query={"limit": "1"}) or {"data": []})["data"]
            if customers:
                return Redirect(f"{HERE}?customer_id={customers[0]['id']}")
            return Page(LIST, title="Meters", chosen="", rows=[])
        return await self._of_customer(visit, chosen)

    async def _of_customer(self, visit: Visit, chosen: str) -> Page:
        path, scope = {"customer_id": chosen}, {"customer_id": chosen, "state": "open", "limit": "1000"}
        query = {name: visit.query.get(name) for name in ("role", "kind", "cursor")}
        shown: dict[str, str | None] = {"range": "62d", "bucket": "month", "limit": PAGE_SIZE}
        found, suspects, hints, alarms = await asyncio.gather(
            visit.get("/api/v2/customers/{customer_id}/consumption/devices", path=path, query=query | shown),
            visit.find("/api/v2/customers/{customer_id}/meter/values", path=path, query={"limit": "200"}),
            visit.find("/api/v2/customers/{customer_id}/leak-hints", path=path, query={"limit": "200"}),
            visit.find("/api/v2/meter-alarms", query=scope),
        )
        open_alarms = alarms["data"] if alarms else []
        leaking = {one["device_id"] for one in (hints["data"] if hints else []) if one["suspected"]}
        doubtful = {(one["device_id"], one["register"]): len(one["values"]) for one in (suspects["data"] if suspects else [])}
        for row in found["data"]:
            row |= {
                "this": view.latest_of(row["data"], 0),
                "last": view.latest_of(row["data"], 1),
                "quality": row["data"][-1]["quality"] if row["data"] else "missing",
                "suspects": doubtful.get((row["device_id"], row["register"]), 0),
                "leak": row["device_id"] in leaking,
                "alarms": sum(one["device_id"] == row["device_id"] for one in open_alarms),
            }
        return Page(
            LIST,
            title="Meters",
            chosen=chosen,
            rows=found["data"],
            next_cursor=found["next_cursor"],
            alarms=open_alarms,
        )

    @pages.get("/{device_id}")
    async def show(self, visit: Visit) -> Page:
        """Show the consumption of a meter, and its alarms."""
        query = view.span_of(visit, "30d", "day") | {"register": visit.query.get("register")}
        own = visit.viewer.role == RESIDENT
        listed = "/api/v2/profile/meter-alarms" if own else "/api/v2/meter-alarms"
        device, meter, used, alarms = await asyncio.gather(
            self._device(visit),
            visit.find(METER, path=visit.params),
            visit.send("GET", CONSUMPTION, path=visit.params, query=query),
            visit.find(listed, query={"device_id": visit.params["device_id"], "limit": "50"}),
        )
        hint = await visit.find(f"{DEVICE}/leak-hint", path=visit.params) if visit.can("telemetry:read") else None
        found = used.value if used.ok else None
        return Page(
            SHOW,
            title=device["name"],
            device=device,
            meter=meter,
            registers=_registers(meter),
            found=found,
            problem="" if used.ok else used.value.get("detail", ""),
            series=view.series_of(found["data"], found["unit"]) if found else [],
            total=view.total_of(found["data"]) if found else None,
            shown=query,
            alarms=alarms["data"] if alarms else [],
            hint=hint,
        )

    @pages.get("/{device_id}/values")
    async def show_values(self, visit: Visit) -> Page:
        """Show the values of a register, and the result of their validation."""
        return await self._values(visit, Form())

    @pages.post("/{device_id}/values")
    async def edit(self, visit: Visit) -> Page | Redirect:
        """Confirm, void, correct or add a value."""
        form = visit.form
        body = form.body("kind", "time", "reason", "register", "value")
        answer = await visit.send("POST", f"{METER}/edits", path=visit.params, body=body)
        if not answer.ok:
            return await self._values(visit, form.failed(answer.value), answer.status)
        return visit.done(_at(visit, "/values"), EDIT_TEXTS.get(form.value("kind"), "Value changed."))

    @pages.post("/{device_id}/values/{edit_id}/withdraw")
    async def withdraw(self, visit: Visit) -> Redirect:
        """Withdraw an edit."""
        body = {"reason": visit.form.value("reason") or "Withdrawn"}
        try:
            await visit.do("POST", f"{METER}/edits/{{edit_id}}/withdraw", path=visit.params, body=body)
        except ApiFailed as error:
            return visit.refused(_at(visit, "/values"), error)
        return visit.done(_at(visit, "/values"), "Edit withdrawn.")

    @pages.post("/{device_id}/alarms/{alarm_id}/acknowledge")
    async def acknowledge(self, visit: Visit) -> Redirect:
        """Acknowledge an alarm."""
        path = {"alarm_id": visit.params["alarm_id"]}
        try:
            await visit.do("POST", "/api/v2/meter-alarms/{alarm_id}/acknowledge", path=path, body=visit.form.body("note"))
        except ApiFailed as error:
            return visit.refused(_at(visit), error)
        return visit.done(_at(visit), "Alarm acknowledged.")

    async def _device(self, visit: Visit) -> dict[str, Any]:
        """The device; for residents, who see only a part of it, from their own list."""
        if visit.viewer.role != RESIDENT:
            found: dict[str, Any] = await visit.get(DEVICE, path=visit.params)
            return found
        own = await visit.get("/api/v2/profile/devices", query={"limit": "1000"})
        device_id = visit.params["device_id"]
        return next((one for one in own["data"] if one["id"] == device_id), {"id": device_id, "name": "Meter"})

    async def _values(self, visit: Visit, form: Form, status: int = 200) -> Page:
        asked = {name: visit.query.get(name) for name in ("register", "status", "from", "to", "cursor")}
        asked |= {"limit": PAGE_SIZE, "range": None if asked["from"] else visit.query.get("range", "30d")}
        device, meter, found, edits = await asyncio.gather(
            visit.get(DEVICE, path=visit.params),
            visit.find(METER, path=visit.params),
            visit.get(f"{METER}/values", path=visit.params, query=asked),
            visit.find(f"{METER}/edits", path=visit.params, query={"register": asked["register"], "limit": "50"}),
        )
        return Page(
            VALUES,
            title=f"{device['name']}: values",
            status=status,
            device=device,
            meter=meter,
            registers=_registers(meter),
            values=found["data"],
            next_cursor=found["next_cursor"],
            edits=edits["data"] if edits else [],
            register=asked["register"] or "",
            form=form,
        )


def _registers(meter: dict[str, Any] | None) -> list[str]:
    """The names of the registers, without repeating those with several versions."""
    return list(dict.fromkeys(one["name"] for one in meter["registers"])) if meter else []


def _at(visit: Visit, below: str = "") -> str:
    return f"{HERE}/{visit.params['device_id']}{below}"
