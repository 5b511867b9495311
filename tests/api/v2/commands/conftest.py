"""Devices for the tests of commands."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.v2.commands.device import Device, MakeDevice
from tests.support.server import RunningServer


@pytest.fixture
def make_device(server: RunningServer, api: httpx.Client) -> Any:
    clients: list[httpx.Client] = []

    def make(**about: Any) -> Device:
        made = api.post("/api/v2/devices", json={"name": "Pump"} | about).json()
        headers = {"Authorization": f"Bearer {made['access_token']}"}
        clients.append(httpx.Client(base_url=server.base_url, headers=headers, timeout=30))
        return Device(made["device"]["id"], api, clients[-1])

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def device(make_device: MakeDevice) -> Device:
    return make_device()
