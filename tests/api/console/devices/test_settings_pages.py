"""The settings of a device: each form works, and shows its errors."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.api.console.devices.made import made, sent
from tests.support.console import Browser


@pytest.fixture
def device(api: httpx.Client) -> dict[str, Any]:
    return made(api, name="Cold room", labels={"site": "north"}, description="Old")


def read(api: httpx.Client, device: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/api/v2/devices/{device['id']}").json()
    return found


def test_details_are_changed_and_cleared(browser: Browser, api: httpx.Client, device: dict[str, Any]) -> None:
    here = f"/console/devices/{device['id']}/settings"
    browser.get(here)
    assert "site=north" in browser.page
    form = {"name": "Cold room 3", "type": "fridge", "description": "", "labels": "floor=2", "identifiers": "serial=A1"}
    assert browser.post(here, form | {"expected_interval_s": "60"}).headers["location"] == here
    found = read(api, device)
    assert (found["name"], found["description"], found["labels"], found["expected_interval_s"]) == (
        "Cold room 3",
        "",
        {"floor": "2"},
        60,
    )
    assert found["identifiers"] == [{"kind": "serial", "value": "A1"}]
    answer = browser.post(here, form | {"name": "", "expected_interval_s": "x"})
    assert answer.status_code == 400
    assert 'id="f-name-error"' in browser.page
    assert read(api, device)["name"] == "Cold room 3"


def test_the_location_is_set_and_removed(browser: Browser, api: httpx.Client, device: dict[str, Any]) -> None:
    here = f"/console/devices/{device['id']}/location"
    browser.get(f"/console/devices/{device['id']}/settings")
    assert browser.post(here, {"latitude": "51.5", "longitude": "4.25"}).status_code == 303
    assert read(api, device)["location"] == {"latitude": 51.5, "longitude": 4.25, "altitude_m": None}
    assert browser.post(here, {"latitude": "91", "longitude": "4"}).status_code == 400
    assert 'id="f-latitude-error"' in browser.page
    assert browser.post(here, {"latitude": "51.5", "longitude": "4.25", "clear": "true"}).status_code == 303
    assert read(api, device)["location"] is None


def test_sensors_are_declared_changed_and_deleted(browser: Browser, api: httpx.Client, device: dict[str, Any]) -> None:
    here = f"/console/devices/{device['id']}/sensors"
    browser.get(f"/console/devices/{device['id']}/settings")
    new = {"key": "air/temp", "name": "Air", "unit": "°C", "value_type": "float"}
    assert browser.post(here, new).status_code == 303
    assert browser.post(here, new).status_code == 409
    assert (
        browser.post(f"{here}/change", {"key": "air/temp", "name": "Air", "unit": "K", "value_type": "float"}).status_code == 303
    )
    [sensor] = api.get(f"/api/v2/devices/{device['id']}/sensors").json()["data"]
    assert sensor["unit"] == "K"
    assert browser.post(f"{here}/change", {"key": "air/temp", "delete": "true"}).status_code == 303
    assert api.get(f"/api/v2/devices/{device['id']}/sensors").json()["data"] == []


def test_a_new_token_is_shown_once(browser: Browser, api: httpx.Client, device: dict[str, Any]) -> None:
    browser.get(f"/console/devices/{device['id']}/settings")
    assert browser.post(f"/console/devices/{device['id']}/token").status_code == 200
    token = re.search(r"tok_\w+", browser.page)
    assert token
    assert read(api, device)["access_token_prefix"] == token[0][: len(device["access_token_prefix"])]


def test_an_agent_gets_a_code(browser: Browser, device: dict[str, Any]) -> None:
    browser.get(f"/console/devices/{device['id']}/settings")
    assert browser.post(f"/console/devices/{device['id']}/pair-code").status_code == 200
    assert "penstock-agent provision --server" in browser.page
    assert browser.post(f"/console/devices/{device['id']}/agent/remove").status_code == 303


def test_it_is_placed_with_a_customer(browser: Browser, api: httpx.Client, device: dict[str, Any]) -> None:
    customer = {"name": "Mill", "admin_email": "mill@example.org", "tenant_name": "mill"}
    customer_id = api.post("/api/v2/customers", json=customer).json()["id"]
    browser.get(f"/console/devices/{device['id']}/settings")
    assert 'kind="customers"' in browser.page
    here = f"/console/devices/{device['id']}/placement"
    assert browser.post(here, {"customer_id": customer_id}).status_code == 303
    assert api.get(f"/api/v2/devices/{device['id']}/placement").json()["customer_id"] == customer_id
    assert browser.post(here, {"customer_id": "cus_0c2k9fq7w3c5d"}).status_code == 404
    assert browser.post(here, {"customer_id": ""}).status_code == 303
    assert api.get(f"/api/v2/devices/{device['id']}/placement").json()["customer_id"] is None
    browser.get(f"/console/devices/{device['id']}/settings")
    assert f'<a href="/console/customers/{customer_id}">Mill</a>' in browser.page  # when it was placed there, from the beginning
    assert "the beginning" in browser.page


def test_it_is_paused_and_resumed(browser: Browser, api: httpx.Client, device: dict[str, Any]) -> None:
    browser.get(f"/console/devices/{device['id']}")
    browser.follow(browser.post(f"/console/devices/{device['id']}/pause"))
    assert read(api, device)["status"] == "paused"
    assert "Resume" in browser.page
    browser.post(f"/console/devices/{device['id']}/resume")
    assert read(api, device)["status"] == "active"


def test_only_the_typed_name_deletes(browser: Browser, api: httpx.Client, device: dict[str, Any]) -> None:
    sent(api, device, {"temperature": 4})
    here = f"/console/devices/{device['id']}"
    browser.get(f"{here}/settings")
    browser.follow(browser.post(f"{here}/delete", {"confirm": "Cold"}))
    assert "Nothing was deleted" in browser.page
    assert browser.post(f"{here}/delete", {"confirm": "Cold room"}).headers["location"] == "/console/devices"
    assert api.get(f"/api/v2/devices/{device['id']}").status_code == 404
