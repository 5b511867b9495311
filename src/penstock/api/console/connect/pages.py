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
    """The transports in which devices connect, and what each of them needs."""

    pages = Pages("/connect", nav="devices")

    def __init__(self, door: MqttDoor) -> None:
        self._door = door

    @pages.get()
    async def choose(self, visit: Visit) -> Page:
        """Show the transports."""
        return Page(
            "connect/choose.html", title="Connect a device", transports=view.transports(visit.can, mqtt=self._door.enabled)
        )

    @pages.get("/state/{connection_id}")
    async def show_state(self, visit: Visit) -> Page:
        """Show whether a broker is connected, and what came from it."""
        connection = await visit.get("/api/v2/connections/{connection_id}", path=visit.params)
        return Page("connect/state.html", title=connection["name"], connection=connection)

    @pages.get("/{transport}")
    async def show(self, visit: Visit) -> Page:
        """Show what a transport needs to know."""
        transport = self._transport(visit)
        return Page(
            FORM,
            title=transport["title"],
            transport=transport,
            form=Form.showing({"name": transport["name"], "network": "chirpstack"}),
        )

    @pages.post("/{transport}")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create what a transport needs, and show how to use it."""
        transport = self._transport(visit)
        try:
            return await self._created(visit, transport)
        except ApiFailed as error:
            form = visit.form.failed(error.problem, view.FIELD_NAMES)
            return Page(FORM, title=transport["title"], status=error.status, transport=transport, form=form)

    async def _created(self, visit: Visit, transport: dict[str, Any]) -> Page:
        if transport["key"] == "broker":
            made = await visit.do("POST", "/api/v2/connections", body=view.broker(visit.form))
            values = {"connection": made["connection"], "secret": "", "device": None}
            return Page(SERVER, title=made["connection"]["name"], transport=transport, **values)
        made = await visit.do("POST", "/api/v2/devices", body=view.device(visit.form, transport["key"]))
        device = made["device"]
        if transport["key"] == "agent":
            pairing = await visit.do("POST", "/api/v2/devices/{device_id}/pair-code", path={"device_id": device["id"]})
            values = {"device": device, "pairing": pairing, "base_url": base_url_of(visit.scope)}
            return Page("devices/pairing.html", title=device["name"], **values)
        if transport["key"] == "lorawan":
            return await self._network_server(visit, transport, device)
        sender = Sender(base_url=base_url_of(visit.scope), device_id=device["id"], token=made["access_token"])
        found = sorted(snippets(sender, self._door), key=lambda one: one.key != transport["key"])
        return Page(SENDING, title=device["name"], transport=transport, device=device, token=made["access_token"], snippets=found)

    async def _network_server(self, visit: Visit, transport: dict[str, Any], device: dict[str, Any]) -> Page:
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
            SERVER,
            title=connection["name"],
            transport=transport,
            trial=view.trial_of(connection["type"], address, visit.form),
            **values,
        )

    def _transport(self, visit: Visit) -> dict[str, Any]:
        found = next(
            (one for one in view.transports(visit.can, mqtt=self._door.enabled) if one["key"] == visit.params["transport"]), None
        )
        if found is None or not found["allowed"]:
            raise RouteNotFound()
        return found
