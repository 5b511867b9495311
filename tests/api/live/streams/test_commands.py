"""What becomes of commands, told live: to whom it is told, and to whom it is not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import httpx
import msgspec
import pytest

from penstock.core.commands.events import CommandMoved
from tests.api.live.reader import SseReader
from tests.api.live.streams.test_sse import make_device
from tests.api.live.streams.test_websocket import hear, opened
from tests.support.server import Org, RunningServer

STATES = ["queued", "cancelled"]


@pytest.fixture
def readers() -> Iterator[list[SseReader]]:
    opened_now: list[SseReader] = []
    yield opened_now
    for reader in opened_now:
        reader.close()


def ask_and_cancel(api: httpx.Client, device: str) -> str:
    """A command that is asked for and taken back: two changes of state."""
    path = f"/api/v2/devices/{device}/commands"
    found = [one for one in api.get(path).json()["data"] if one["name"] == "restart"]
    command = found[0] if found else api.post(path, json={"name": "restart"}).json()
    asked = api.post(f"{path}/{command['id']}/execute", json={}).json()["id"]
    assert api.post(f"/api/v2/command-executions/{asked}/cancel").status_code == 200
    return str(asked)


def test_whoever_asked_is_told_in_order(
    server: RunningServer, api: httpx.Client, other_api: httpx.Client, acme: Org, readers: list[SseReader]
) -> None:
    device, second = make_device(api), make_device(api)
    for client, query in (
        (api, f"?devices={device}&commands=true"),
        (api, f"?commands=true&project={acme.project_id}"),
        (api, f"?devices={device}"),
        (api, f"?devices={second}&commands=true"),
        (other_api, "?commands=true"),
    ):
        readers.append(SseReader(client, query))
        readers[-1].next("ready")
    asked = ask_and_cancel(api, device)
    for reader in readers[:2]:
        told = [reader.next("command") for _ in STATES]
        assert [event.data["state"] for event in told] == STATES
        assert told[1].data["reason"] == "cancelled"
        fields = {field.name.replace("at_us", "at") for field in msgspec.structs.fields(CommandMoved)}
        assert told[0].data.keys() == {"id", "event"} | fields
        assert {(event.data["id"], event.data["device_id"], event.data["name"]) for event in told} == {(asked, device, "restart")}
    for reader in readers[2:]:
        assert reader.quiet(1.0)


def test_a_command_does_not_disturb_resuming(api: httpx.Client, readers: list[SseReader]) -> None:
    device = make_device(api)
    readers.append(SseReader(api, f"?devices={device}&commands=true"))
    readers[0].next("ready")
    ask_and_cancel(api, device)
    told = [readers[0].next("command") for _ in STATES]
    api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"n": 1}})
    readers.append(SseReader(api, f"?devices={device}&commands=true", last_event_id=int(told[-1].id)))
    assert readers[1].next("reading").data["data"] == {"n": 1}
    assert readers[1].quiet(), "what became of commands is not replayed"


async def test_over_websocket(server: RunningServer, acme: Org, api: httpx.Client) -> None:
    device = make_device(api)
    async with opened(server, acme, f"?devices={device}") as socket:
        await hear(socket)
        await socket.send(json.dumps({"type": "subscribe", "devices": [device], "commands": True}))
        assert (await hear(socket))["type"] == "ready"
        asked = await asyncio.to_thread(ask_and_cancel, api, device)
        told = [await hear(socket) for _ in STATES]
        assert [(one["type"], one["command"]["id"], one["command"]["state"]) for one in told] == [
            ("command", asked, state) for state in STATES
        ]


def test_a_key_that_may_not_see_commands_is_not_told(server: RunningServer, api: httpx.Client, acme: Org) -> None:
    key = api.post("/api/v2/keys", json={"name": "readings", "scopes": ["telemetry:read"]}).json()["value"]
    headers = {"X-API-Key": key, "X-Organization-Id": acme.organization_id}
    path = f"{server.base_url}/api/v2/streams/sse"
    answer = httpx.get(path, params={"commands": "true"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.scope_missing")
    ticket = httpx.post(f"{server.base_url}/api/v2/streams/tickets", headers=headers).json()["ticket"]
    answer = httpx.get(path, params={"commands": "true", "ticket": ticket})
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.scope_missing")
