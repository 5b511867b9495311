"""Devices and people that the tests of these pages look at."""

from __future__ import annotations

from typing import Any

import httpx

from tests.security.people import Person, Registry
from tests.support.console import Browser
from tests.support.in_process import InProcessServer
from tests.support.server import Org

HOSTILE = "<img src=x onerror=alert(1)> \u202eמכשיר 🌡️"


def made(api: httpx.Client, **fields: Any) -> dict[str, Any]:
    """A new device."""
    answer = api.post("/api/v2/devices", json={"name": "Cold room", **fields})
    assert answer.status_code == 201, answer.text
    device: dict[str, Any] = answer.json()["device"]
    return device


def sent(api: httpx.Client, device: dict[str, Any], data: dict[str, Any], **fields: Any) -> None:
    """A reading of a device."""
    answer = api.post(f"/api/v2/devices/{device['id']}/telemetry", json={"data": data, **fields})
    assert answer.status_code == 201, answer.text


def people_of(server: InProcessServer, org: Org) -> Registry:
    """Who makes people of an organisation."""
    return Registry(server.data_dir, org.organization_id, server.run)


def browser_as(server: InProcessServer, person: Person) -> Browser:
    """A browser in which somebody is signed in."""
    browser = Browser(server.client())
    browser.cookies["penstock_session"] = person.refresh_token
    return browser
