"""The pages of connections: the catalogue of types, the guided set-up, health, devices and settings."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.connections.forms import names_of, preset, rows_of, settings_of, shown
from penstock.api.console.connections.guides import SECRET, about, steps_of
from penstock.api.console.connections.presets import PRESETS
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.kit.http import RouteNotFound, header

LIST, ONE = "/api/v2/connections", "/api/v2/connections/{connection_id}"
HOME = "/console/connections"
PAGE_SIZE = "50"
DEVICES, PAYLOADS = "25", 5
"""How many devices a connection's page lists, and of how many of them it shows what arrived last."""


class ConnectionPages:
    """Where readings come in from other servers."""

    pages = Pages("/connections", nav="connections")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list with the health of each."""
        query = visit.asked("q", "type", "status", "sort", "cursor")
        found, types = await asyncio.gather(visit.get(LIST, query=query | {"limit": PAGE_SIZE}), _types(visit))
        return Page(
            "connections/list.html",
            title="Connections",
            rows=found["data"],
            next_cursor=found["next_cursor"],
            types=[(one["type"], one["name"]) for one in types.values()],
            type_names={kind: one["name"] for kind, one in types.items()},
        )

    @pages.get("/new")
    async def show_catalogue(self, visit: Visit) -> Page:
        """Show the types to choose from."""
        types = await _types(visit)
        cards = [one | {"icon": about(kind).icon, "suits": about(kind).suits} for kind, one in types.items()]
        return Page("connections/catalogue.html", title="New connection", cards=cards)

    @pages.get("/new/{type}")
    async def show_new(self, visit: Visit) -> Page:
        """Show the form of a new connection."""
        kind = visit.params["type"]
        form = preset(visit.query.get("preset", "")) if kind == "mqtt" else Form()
        return await _form_page(visit, kind, form, None)

    @pages.post("/new/{type}")
    async def create(self, visit: Visit) -> Page:
        """Create a connection, and show its secret once with the steps on the other side."""
        kind, form = visit.params["type"], visit.form
        body = form.body("name", "project_id") | {"type": kind, "settings": settings_of(kind, form, keep_secrets=False)}
        answer = await visit.send("POST", LIST, body=body)
        if not answer.ok:
            return await _form_page(visit, kind, form.failed(answer.value, names_of(kind, form)), None, answer.status)
        return _secret_page(visit, answer.value, "Connection created")

    @pages.get("/{connection_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a connection: its health, its devices, and how to set up the other side."""
        connection = await visit.get(ONE, path=visit.params)
        types, devices = await asyncio.gather(_types(visit), _devices(visit))
        return Page(
            "connections/show.html",
            title=connection["name"],
            connection=connection,
            kind=types.get(connection["type"], {}),
            devices=devices,
            payloads=await _payloads(visit, devices[:PAYLOADS]),
            steps=steps_of(connection, _base_url(visit), SECRET),
        )

    @pages.get("/{connection_id}/edit")
    async def show_edit(self, visit: Visit) -> Page:
        """Show the form of a connection."""
        connection = await visit.get(ONE, path=visit.params)
        return await _form_page(visit, connection["type"], shown(connection), connection)

    @pages.post("/{connection_id}/edit")
    async def update(self, visit: Visit) -> Page | Redirect:
        """Change a connection."""
        connection, form = await visit.get(ONE, path=visit.params), visit.form
        kind = connection["type"]
        body: dict[str, Any] = {"name": form.value("name").strip(), "project_id": form.value("project_id") or None}
        settings = settings_of(kind, form, keep_secrets=True)
        answer = await visit.send("PATCH", ONE, path=visit.params, body=body | ({"settings": settings} if settings else {}))
        if answer.ok:
            return visit.done(_home(visit), "Connection saved")
        return await _form_page(visit, kind, form.failed(answer.value, names_of(kind, form)), connection, answer.status)

    @pages.post("/{connection_id}/pause")
    async def pause(self, visit: Visit) -> Redirect:
        """Pause a connection."""
        return await _act(visit, "POST", "/pause", _home(visit), "Connection paused. It accepts no messages.")

    @pages.post("/{connection_id}/resume")
    async def resume(self, visit: Visit) -> Redirect:
        """Resume a connection."""
        return await _act(visit, "POST", "/resume", _home(visit), "Connection resumed")

    @pages.post("/{connection_id}/rotate")
    async def rotate(self, visit: Visit) -> Page | Redirect:
        """Rotate the secret, and show the new one once."""
        body = {"overlap_s": visit.form.number("overlap_s") or 0}
        answer = await visit.send("POST", ONE + "/secret", path=visit.params, body=body)
        if not answer.ok:
            return visit.refused(_home(visit), ApiFailed(answer.status, answer.value))
        return _secret_page(visit, answer.value, "New secret")

    @pages.post("/{connection_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete a connection; its readings stay."""
        return await _act(visit, "DELETE", "", HOME, "Connection deleted")


def _home(visit: Visit) -> str:
    return f"{HOME}/{visit.params['connection_id']}"


async def _act(visit: Visit, method: str, action: str, location: str, text: str) -> Redirect:
    try:
        await visit.do(method, ONE + action, path=visit.params)
    except ApiFailed as error:
        return visit.refused(_home(visit), error)
    return visit.done(location, text)


async def _types(visit: Visit) -> dict[str, dict[str, Any]]:
    found = await visit.find("/api/v2/connectors")
    return {one["type"]: one for one in (found or {"data": []})["data"]}


async def _devices(visit: Visit) -> list[dict[str, Any]]:
    query = visit.params | {"sort": "-last_seen_at", "limit": DEVICES}
    found = await visit.find("/api/v2/devices", query=query)
    return [] if found is None else list(found["data"])


async def _payloads(visit: Visit, devices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest reading of each device, newest first."""
    template = "/api/v2/devices/{device_id}/telemetry"
    calls = [visit.find(template, path={"device_id": one["id"]}, query={"limit": "1", "range": "30d"}) for one in devices]
    found = [
        {"device": device, "reading": answer["data"][0]}
        for device, answer in zip(devices, await asyncio.gather(*calls), strict=True)
        if answer and answer["data"]
    ]
    return sorted(found, key=lambda one: str(one["reading"].get("received_at")), reverse=True)


async def _form_page(visit: Visit, kind: str, form: Form, connection: dict[str, Any] | None, status: int = 200) -> Page:
    types, projects, brokers = await asyncio.gather(
        _types(visit),
        visit.find("/api/v2/projects", query={"limit": "200"}),
        visit.find(LIST, query={"type": "mqtt", "limit": "200"}) if kind == "chirpstack" else _nothing(),
    )
    if kind not in types:
        raise RouteNotFound()
    return Page(
        f"connections/{'broker' if kind == 'mqtt' else 'push'}.html",
        title=f"Edit {connection['name']}" if connection else f"Connect {types[kind]['name']}",
        status=status,
        form=form,
        kind=types[kind],
        connection=connection,
        rows=rows_of(form),
        presets=PRESETS,
        project_options=_options(projects),
        broker_options=_options(brokers),
    )


async def _nothing() -> None:
    return None


def _options(found: dict[str, Any] | None) -> list[tuple[str, str]]:
    return [(one["id"], one["name"]) for one in (found or {"data": []})["data"]]


def _secret_page(visit: Visit, created: dict[str, Any], title: str) -> Page:
    connection, secret = created["connection"], created["secret"]
    steps = steps_of(connection, _base_url(visit), secret)
    return Page("connections/secret.html", title=title, connection=connection, secret=secret, steps=steps)


def _base_url(visit: Visit) -> str:
    """The address by which the browser reached this server: the best guess of how others reach it."""
    host = (header(visit.scope, b"host") or b"localhost").decode("latin-1")
    return f"{visit.scope.get('scheme', 'https')}://{host}"
