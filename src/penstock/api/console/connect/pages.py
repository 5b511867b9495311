"""Connect a device: choose how it speaks, create what that needs, and wait for its first reading."""

from __future__ import annotations

from typing import Any

from penstock.api.console.connect import view
from penstock.api.console.devices.snippets import MqttDoor, Sender, base_url_of, snippets
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.kit.http import RouteNotFound

FORM, SENDING, SERVER = (f"connect/{name}.html" for name in ("form", "sending", "server"))


class ConnectPages:
    """The ways in which devices connect, and what each of them needs."""

    pages = Pages("/connect", nav="devices")

    def __init__(self, door: MqttDoor) -> None:
        self._door = door

    @pages.get()
    async def choose(self, visit: Visit) -> Page:
        """Show the ways."""
        return Page("connect/choose.html", title="Connect a device", ways=view.ways(visit.can, mqtt=self._door.enabled))

    @pages.get("/state/{connection_id}")
    async def show_state(self, visit: Visit) -> Page:
        """Show whether a broker is connected, and what came from it."""
        connection = await visit.get("/api/v2/connections/{connection_id}", path=visit.params)
        return Page("connect/state.html", title=connection["name"], connection=connection)

    @pages.get("/{way}")
    async def show(self, visit: Visit) -> Page:
        """Show what a way needs to know."""
        way = self._way(visit)
        return Page(FORM, title=way["title"], way=way, form=Form.showing({"name": way["name"], "network": "chirpstack"}))

    @pages.post("/{way}")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create what a way needs, and show how to use it."""
        way = self._way(visit)
        try:
            return await self._created(visit, way)
        except ApiFailed as error:
            form = visit.form.failed(error.problem, view.FIELD_NAMES)
            return Page(FORM, title=way["title"], status=error.status, way=way, form=form)

    async def _created(self, visit: Visit, way: dict[str, Any]) -> Page:
        if way["key"] == "broker":
            made = await visit.do("POST", "/api/v2/connections", body=view.broker(visit.form))
            values = {"connection": made["connection"], "secret": "", "device": None}
            return Page(SERVER, title=made["connection"]["name"], way=way, **values)
        made = await visit.do("POST", "/api/v2/devices", body=view.device(visit.form, way["key"]))
        device = made["device"]
        if way["key"] == "agent":
            pairing = await visit.do("POST", "/api/v2/devices/{device_id}/pair-code", path={"device_id": device["id"]})
            values = {"device": device, "pairing": pairing, "base_url": base_url_of(visit.scope)}
            return Page("devices/pairing.html", title=device["name"], **values)
        if way["key"] == "lorawan":
            return await self._network_server(visit, way, device)
        sender = Sender(base_url=base_url_of(visit.scope), device_id=device["id"], token=made["access_token"])
        found = sorted(snippets(sender, self._door), key=lambda one: one.key != way["key"])
        return Page(SENDING, title=device["name"], way=way, device=device, token=made["access_token"], snippets=found)

    async def _network_server(self, visit: Visit, way: dict[str, Any], device: dict[str, Any]) -> Page:
        """The page of a network server. Without a connection the device is removed, so that the form can be sent again."""
        try:
            made = await visit.do("POST", "/api/v2/connections", body=view.network_server(visit.form))
        except ApiFailed:
            await visit.send("DELETE", "/api/v2/devices/{device_id}", path={"device_id": device["id"]})
            raise
        connection = made["connection"]
        address = base_url_of(visit.scope) + (connection["ingest_path"] or "")
        steps = view.steps_of(connection["type"], address)
        values = {"connection": connection, "secret": made["secret"], "device": device, "address": address, "steps": steps}
        return Page(
            SERVER, title=connection["name"], way=way, trial=view.trial_of(connection["type"], address, visit.form), **values
        )

    def _way(self, visit: Visit) -> dict[str, Any]:
        found = next((one for one in view.ways(visit.can, mqtt=self._door.enabled) if one["key"] == visit.params["way"]), None)
        if found is None or not found["allowed"]:
            raise RouteNotFound()
        return found
