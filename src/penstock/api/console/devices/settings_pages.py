"""The settings of a device: its details, sensors, location, placement, credentials and agent."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.devices import forms, view
from penstock.api.console.devices.device_pages import ALL, DEVICE, device_of
from penstock.api.console.devices.snippets import MqttDoor, Sender, base_url_of, snippets
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

CREATED = "devices/created.html"
PERIODS = {"limit": "50"}


class DeviceSettingsPages:
    """Change a device, and issue what it signs in with."""

    pages = Pages("/devices", nav="devices")

    def __init__(self, door: MqttDoor) -> None:
        self._door = door

    @pages.get("/{device_id}/settings")
    async def show(self, visit: Visit) -> Page:
        """Show the settings."""
        return await self._settings(visit)

    @pages.post("/{device_id}/settings")
    async def change(self, visit: Visit) -> Page | Redirect:
        """Change the details."""
        answer = await visit.send("PATCH", DEVICE, path=visit.params, body=forms.changed_device(visit.form))
        if answer.ok:
            return visit.done(_here(visit), "Saved")
        return await self._settings(visit, {"details": visit.form.failed(answer.value)}, answer.status)

    @pages.post("/{device_id}/location")
    async def move(self, visit: Visit) -> Page | Redirect:
        """Set or clear the location."""
        location = None if visit.form.flag("clear") else forms.location(visit.form)
        answer = await visit.send("PATCH", DEVICE, path=visit.params, body={"location": location})
        if answer.ok:
            return visit.done(_here(visit, "location"), "Location saved" if location else "Location removed")
        failed = visit.form.failed(answer.value, forms.LOCATION_NAMES)
        return await self._settings(visit, {"location": failed}, answer.status)

    @pages.post("/{device_id}/sensors")
    async def add_sensor(self, visit: Visit) -> Page | Redirect:
        """Declare a sensor."""
        answer = await visit.send("POST", f"{DEVICE}/sensors", path=visit.params, body=forms.sensor(visit.form))
        if answer.ok:
            return visit.done(_here(visit, "sensors"), "Sensor declared")
        return await self._settings(visit, {"sensor": visit.form.failed(answer.value)}, answer.status)

    @pages.post("/{device_id}/sensors/change")
    async def change_sensor(self, visit: Visit) -> Redirect:
        """Change or delete a sensor. Its key can contain slashes, so it is in the form."""
        path, template = {**visit.params, "key": visit.form.value("key")}, f"{DEVICE}/sensors/{{key}}"
        if visit.form.flag("delete"):
            return await _acted(visit, "DELETE", template, path, "Sensor deleted; its readings are kept", "sensors")
        body = {"unit": visit.form.value("unit").strip(), "decimals": visit.form.number("decimals")} | visit.form.body(
            "name", "value_type"
        )
        return await _acted(visit, "PATCH", template, path, "Sensor saved", "sensors", body)

    @pages.post("/{device_id}/pause")
    async def pause(self, visit: Visit) -> Redirect:
        """Reject its readings from now on."""
        return await _acted(visit, "POST", f"{DEVICE}/pause", visit.params, "Paused: its readings are rejected", tab="")

    @pages.post("/{device_id}/resume")
    async def resume(self, visit: Visit) -> Redirect:
        """Accept its readings again."""
        return await _acted(visit, "POST", f"{DEVICE}/resume", visit.params, "Resumed", tab="")

    @pages.post("/{device_id}/token")
    async def renew_token(self, visit: Visit) -> Page | Redirect:
        """Issue a new access token, and show it once."""
        answer = await visit.send("POST", f"{DEVICE}/token", path=visit.params)
        if not answer.ok:
            return visit.refused(_here(visit, "credentials"), ApiFailed(answer.status, answer.value or {}))
        return created_page(visit, answer.value, self._door, "new token")

    @pages.post("/{device_id}/pair-code")
    async def create_pair_code(self, visit: Visit) -> Page | Redirect:
        """Create a code with which an agent pairs itself, and show it once."""
        answer = await visit.send("POST", f"{DEVICE}/pair-code", path=visit.params)
        if not answer.ok:
            return visit.refused(_here(visit, "agent"), ApiFailed(answer.status, answer.value or {}))
        device = await device_of(visit)
        return Page(
            "devices/pairing.html", title=device["name"], device=device, pairing=answer.value, base_url=base_url_of(visit.scope)
        )

    @pages.post("/{device_id}/agent/remove")
    async def unpair(self, visit: Visit) -> Redirect:
        """Unpair the agent."""
        return await _acted(visit, "DELETE", f"{DEVICE}/agent", visit.params, "Agent unpaired", "agent")

    @pages.post("/{device_id}/placement")
    async def place(self, visit: Visit) -> Page | Redirect:
        """Assign the device to a customer or a resident."""
        template = f"{DEVICE}/placement"
        if not visit.form.value("customer_id"):
            return await _acted(visit, "DELETE", template, visit.params, "Placement removed", "placement")
        resident = visit.form.value("resident_id")
        body = {"resident_id": resident} if resident else visit.form.body("customer_id")
        answer = await visit.send("PUT", template, path=visit.params, body=body)
        if answer.ok:
            return visit.done(_here(visit, "placement"), "Placement saved")
        return await self._settings(visit, {"placement": visit.form.failed(answer.value)}, answer.status)

    @pages.post("/{device_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete the device and its readings, if its name was typed."""
        device = await device_of(visit)
        if visit.form.value("confirm").strip() != device["name"].strip():
            wrong = ApiFailed(422, {"detail": "Nothing was deleted: type the device's name to confirm."})
            return visit.refused(_here(visit, "danger"), wrong)
        try:
            await visit.do("DELETE", DEVICE, path=visit.params)
        except ApiFailed as error:
            return visit.refused(_here(visit, "danger"), error)
        return visit.done(f"{ROOT}/devices", f"{device['name']} is deleted")

    async def _settings(self, visit: Visit, failed: dict[str, Form] | None = None, status: int = 200) -> Page:
        """The page, with the forms that were refused."""
        device, sensors, projects, profiles, agent, route, placement, placements, customers, templates = await asyncio.gather(
            device_of(visit),
            _list(visit, f"{DEVICE}/sensors"),
            _list(visit, "/api/v2/projects"),
            _list(visit, "/api/v2/profiles"),
            visit.find(f"{DEVICE}/agent", path=visit.params),
            visit.find(f"{DEVICE}/connection", path=visit.params),
            visit.find(f"{DEVICE}/placement", path=visit.params),
            visit.find(f"{DEVICE}/placements", path=visit.params, query=PERIODS),
            _list(visit, "/api/v2/customers", "customers:read"),
            _list(visit, "/api/v2/sensor-templates", "sensor_templates:read"),
        )
        residents = []
        if placement and placement["customer_id"] and visit.can("customers:read"):
            residents = await _list(visit, "/api/v2/customers/{customer_id}/residents", customer_id=placement["customer_id"])
        return Page(
            "devices/settings.html",
            title=device["name"],
            status=status,
            device=device,
            tab="settings",
            sensors=sensors,
            projects=projects,
            profiles=profiles,
            agent=agent,
            route=route,
            placement=placement,
            placements=placements["data"] if placements else [],
            customers=customers,
            residents=residents,
            templates=templates,
            forms=forms.shown(device, placement or {}) | (failed or {}),
            point=view.point_of(device),
        )


def created_page(visit: Visit, made: dict[str, Any], door: MqttDoor, heading: str = "") -> Page:
    """The page with a device's token, which is shown only there."""
    device, token = made["device"], made["access_token"]
    sender = Sender(base_url=base_url_of(visit.scope), device_id=device["id"], token=token)
    return Page(CREATED, title=device["name"], device=device, token=token, snippets=snippets(sender, door), heading=heading)


async def _list(visit: Visit, template: str, scope: str = "", **path: str) -> list[dict[str, Any]]:
    if scope and not visit.can(scope):
        return []
    found = await visit.find(template, path={**visit.params, **path}, query=ALL)
    return [] if found is None else list(found["data"])


def _here(visit: Visit, part: str = "") -> str:
    return f"{ROOT}/devices/{visit.params['device_id']}/settings{f'#{part}' if part else ''}"


async def _acted(
    visit: Visit,
    method: str,
    template: str,
    path: dict[str, str],
    text: str,
    part: str = "",
    body: Any = None,
    tab: str = "/settings",
) -> Redirect:
    """Make a call, and return to the device with the outcome."""
    location = _here(visit, part) if tab else f"{ROOT}/devices/{visit.params['device_id']}"
    try:
        await visit.do(method, template, path=path, body=body)
    except ApiFailed as error:
        return visit.refused(location, error)
    return visit.done(location, text)
