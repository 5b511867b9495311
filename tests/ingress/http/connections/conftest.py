"""Connections of Acme on the server that all tests share, and bodies of network servers for them."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import msgspec
import pytest

from tests.ingress.lorawan.test_protocol import BODIES
from tests.support.server import RunningServer


class Caller(msgspec.Struct, frozen=True):
    """A network server that has a connection."""

    client: httpx.Client
    connection_id: str
    secret: str

    def post(self, body: Any, event: str | None = None, **options: Any) -> httpx.Response:
        """Send a body to the door, as JSON unless it is bytes."""
        query = {} if event is None else {"event": event}
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        headers = {"X-Connection-Secret": self.secret, "Content-Type": "application/json"} | options.pop("headers", {})
        return self.client.post(f"/api/v2/ingest/{self.connection_id}", params=query, headers=headers, **content, **options)


Connect = Callable[..., Caller]


@pytest.fixture
def connect(server: RunningServer, api: httpx.Client) -> Iterator[Connect]:
    """Makes connections."""

    def make(kind: str = "lorawan_http", **fields: Any) -> Caller:
        answer = api.post("/api/v2/connections", json={"type": kind, "name": f"{kind} {secrets.token_hex(3)}"} | fields)
        assert answer.status_code == 201, answer.text
        return Caller(client, answer.json()["connection"]["id"], answer.json()["secret"])

    with server.client() as client:
        yield make


@pytest.fixture
def device(api: httpx.Client) -> Callable[..., dict[str, Any]]:
    """Makes devices with an EUI of their own."""

    def make(**fields: Any) -> dict[str, Any]:
        eui = secrets.token_hex(8)
        wanted = {"name": f"meter {eui}", "identifiers": [{"kind": "eui", "value": eui}]} | fields
        answer = api.post("/api/v2/devices", json=wanted)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()["device"]
        return made | {"eui": eui}

    return make


def fixture(name: str) -> dict[str, Any]:
    """A vendor's documented body by its file and name, a copy of its own."""
    return copy.deepcopy(dict(BODIES)[name])


def chirpstack(eui: str, **fields: Any) -> dict[str, Any]:
    """An uplink of ChirpStack 4 as documented, of a device and with a name of its own."""
    body: dict[str, Any] = fixture("chirpstack_v4: an uplink of today's servers")["body"]
    body["deviceInfo"]["devEui"] = eui
    body["deduplicationId"] = secrets.token_hex(16)
    return body | fields


def things_stack(eui: str, key: str, said: dict[str, Any]) -> dict[str, Any]:
    """A message of The Things Stack about a device."""
    ids = {"device_id": f"d-{eui}", "application_ids": {"application_id": "riverside-hoa"}, "dev_eui": eui.upper()}
    return {"end_device_ids": ids, "received_at": "2026-04-14T06:15:02.318764512Z", key: said}
