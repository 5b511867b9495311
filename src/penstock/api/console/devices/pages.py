"""The list of devices, their map, and new devices."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.devices import forms, view
from penstock.api.console.devices.settings_pages import created_page
from penstock.api.console.devices.snippets import MqttDoor
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.cookies import Notice
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import RESIDENT, ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

LIST, NEW = "devices/list.html", "devices/new.html"
HERE = f"{ROOT}/devices"
PAGE_SIZE = "50"
FILTERS = (
    "q",
    "connectivity",
    "status",
    "type",
    "label",
    "profile_id",
    "project_id",
    "connection_id",
    "has_alert",
    "customer_id",
    "sort",
)
MAX_BULK = 200
_PAST = {
    "delete": "deleted",
    "pause": "paused",
    "resume": "resumed",
    "move": "moved",
    "label": "labelled",
    "unlabel": "without the label",
}
ALL = {"limit": "1000"}


class DevicePages:
    """The list of devices, the map, and the form of a new one."""

    pages = Pages("/devices", nav="devices")

    def __init__(self, door: MqttDoor) -> None:
        self._door = door

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list."""
        if visit.viewer.role == RESIDENT:
            return await self._own_list(visit)
        query = _filters(visit) | {"cursor": visit.query.get("cursor"), "limit": PAGE_SIZE}
        found, projects, profiles, connections, alerts = await asyncio.gather(
            visit.get("/api/v2/devices", query=query),
            _all(visit, "/api/v2/projects", "devices:read"),
            _all(visit, "/api/v2/profiles", "devices:read"),
            _all(visit, "/api/v2/connections", "connections:read"),
            _all(visit, "/api/v2/alert-events", "alerts:read", state="open"),
        )
        rows = found["data"]
        latest = await _latest(visit, [row["id"] for row in rows])
        known = {profile["id"]: profile for profile in profiles}
        for row in rows:
            profile = known.get(row["profile_id"] or "", {})
            sensors = {sensor["key"]: sensor for sensor in profile.get("sensors", ())}
            row["values"] = view.main_values(latest.get(row["id"]), sensors)
            row["profile"] = profile.get("name", "")
            row["alerts"] = sum(event["device_id"] == row["id"] for event in alerts)
        names = {project["id"]: project["name"] for project in projects}
        filtered = any(visit.query.get(name) for name in FILTERS if name != "sort")
        return Page(
            LIST,
            title="Devices",
            devices=rows,
            next_cursor=found["next_cursor"],
            projects=projects,
            project_names=names,
            profiles=profiles,
            connections=connections,
            filtered=filtered,
        )

    async def _own_list(self, visit: Visit) -> Page:
        found = await visit.get("/api/v2/profile/devices", query={"cursor": visit.query.get("cursor"), "limit": PAGE_SIZE})
        latest = await _latest(visit, [row["id"] for row in found["data"]])
        for row in found["data"]:
            row["values"] = view.main_values(latest.get(row["id"]), {})
        return Page("devices/own.html", title="Devices", devices=found["data"], next_cursor=found["next_cursor"])

    @pages.post("/bulk")
    async def change_many(self, visit: Visit) -> Redirect:
        """Change or delete the chosen devices, one call for each."""
        form = visit.form
        ids, action = form.all("ids"), form.value("action")
        if not 0 < len(ids) <= MAX_BULK:
            return Redirect(HERE, Notice("bad", f"Choose 1 to {MAX_BULK} devices."))
        failures = [text for text in [await self._change_one(visit, one, action) for one in ids] if text]
        done = len(ids) - len(failures)
        if failures:
            return Redirect(HERE, Notice("bad", f"{done} of {len(ids)} devices changed. First error: {failures[0]}"))
        return visit.done(HERE, f"{done} {'device' if done == 1 else 'devices'} {_PAST.get(action, 'changed')}.")

    async def _change_one(self, visit: Visit, device_id: str, action: str) -> str:
        """Why a device could not be changed; empty if it was."""
        path = {"device_id": device_id}
        try:
            if action in ("pause", "resume"):
                await visit.do("POST", f"/api/v2/devices/{{device_id}}/{action}", path=path)
            elif action == "delete":
                await visit.do("DELETE", "/api/v2/devices/{device_id}", path=path)
            elif action == "move":
                await visit.do("PATCH", "/api/v2/devices/{device_id}", path=path, body=visit.form.body("project_id"))
            else:
                await self._relabel(visit, path, action)
        except ApiFailed as error:
            return str(error.problem.get("detail", "not possible"))
        return ""

    async def _relabel(self, visit: Visit, path: dict[str, str], action: str) -> None:
        device = await visit.get("/api/v2/devices/{device_id}", path=path)
        key, _, value = visit.form.value("label").partition("=")
        labels = {name: text for name, text in device["labels"].items() if name != key.strip()}
        if action == "label":
            labels[key.strip()] = value.strip()
        if labels != device["labels"]:
            await visit.do("PATCH", "/api/v2/devices/{device_id}", path=path, body={"labels": labels})

    @pages.get("/map")
    async def show_map(self, visit: Visit) -> Page:
        """Show where the devices are."""
        located = visit.for_script("/api/v2/devices", query=_filters(visit) | ALL | {"sort": None})
        return Page("devices/map.html", title="Map of devices", located=located)

    @pages.get("/new")
    async def show_new(self, visit: Visit) -> Page:
        """Show the form of a new device."""
        return await self._form(visit, Form.showing({"type": visit.query.get("type", "sensor")}))

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page:
        """Create a device, and show its token once."""
        answer = await visit.send("POST", "/api/v2/devices", body=forms.new_device(visit.form))
        if not answer.ok:
            return await self._form(visit, visit.form.failed(answer.value, forms.LOCATION_NAMES), answer.status)
        return created_page(visit, answer.value, self._door)

    async def _form(self, visit: Visit, form: Form, status: int = 200) -> Page:
        projects, profiles = await asyncio.gather(
            _all(visit, "/api/v2/projects", "devices:read"), _all(visit, "/api/v2/profiles", "devices:read", limit="1")
        )
        return Page(NEW, title="New device", status=status, form=form, projects=projects, profiles=profiles)


def _filters(visit: Visit) -> dict[str, str | None]:
    """The filters in the page's URL. A label can be written with `=`, as the pages show it."""
    found = {name: visit.query.get(name) for name in FILTERS}
    label = found["label"] or ""
    return found | {"label": label if ":" in label else label.replace("=", ":", 1)}


async def _all(visit: Visit, template: str, scope: str, **query: str) -> list[dict[str, Any]]:
    """The first thousand of a list; none without the scope, or if the person must not see it."""
    if not visit.can(scope):
        return []
    found = await visit.find(template, query=ALL | query)
    return [] if found is None else list(found["data"])


async def _latest(visit: Visit, ids: list[str]) -> dict[str, dict[str, Any]]:
    """The latest readings, by device. People who see only some devices have no call for many of them."""
    if not ids:
        return {}
    if not visit.can("telemetry:read"):
        template = "/api/v2/devices/{device_id}/telemetry/latest"
        found = await asyncio.gather(*(visit.find(template, path={"device_id": one}) for one in ids))
        return {one: answer["data"] for one, answer in zip(ids, found, strict=True) if answer and answer["data"]}
    many = await visit.find("/api/v2/telemetry/latest", query={"devices": ",".join(ids)})
    return {} if many is None else {reading["device_id"]: reading for reading in many["data"]}
