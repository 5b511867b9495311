"""Devices that connect, and what the API then shows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.server import RunningServer
from tests.support.waiting import CEILING_S, awaited

from .raw import RawClient

PATIENCE_S = CEILING_S


@dataclass(frozen=True)
class Device:
    """A device with its access token, and a client of its organisation."""

    id: str
    token: str
    port: int
    api: httpx.Client

    @property
    def path(self) -> str:
        return f"/api/v2/devices/{self.id}"

    def shown(self) -> dict[str, Any]:
        return self.api.get(self.path).raise_for_status().json()

    def readings(self) -> list[dict[str, Any]]:
        """All readings, in the order of arrival."""
        params = {"from": "1970-01-01T00:00:00Z", "limit": 1000}
        rows = self.api.get(f"{self.path}/telemetry", params=params).raise_for_status().json()["data"]
        return sorted(rows, key=lambda row: row["seq"])

    def values(self) -> list[dict[str, Any]]:
        return [row["data"] for row in self.readings()]

    def quarantined(self) -> list[dict[str, Any]]:
        return self.api.get(f"{self.path}/telemetry/quarantined").raise_for_status().json()["data"]


def until(found: Callable[[], Any], what: str = "it") -> Any:
    """Ask again until the answer is true."""
    return awaited(found, what=what)


def make_device(server: RunningServer, api: httpx.Client, name: str = "Pump") -> Device:
    made = api.post("/api/v2/devices", json={"name": name}).raise_for_status().json()
    return Device(made["device"]["id"], made["access_token"], server.mqtt_port, api)


@pytest.fixture
def device(server: RunningServer, api: httpx.Client) -> Device:
    return make_device(server, api)


@pytest.fixture
def sibling(server: RunningServer, api: httpx.Client) -> Device:
    """Another device of the same organisation."""
    return make_device(server, api, "Sibling")


@pytest.fixture
def stranger(server: RunningServer, other_api: httpx.Client) -> Device:
    """A device of another organisation."""
    return make_device(server, other_api, "Stranger")


@pytest.fixture
def raw(device: Device) -> Iterator[Callable[..., RawClient]]:
    """Open sockets to the server, closed at the end."""
    opened: list[RawClient] = []

    def open_one(**options: Any) -> RawClient:
        opened.append(RawClient(device.port, **options))
        return opened[-1]

    yield open_one
    for client in opened:
        client.close()
