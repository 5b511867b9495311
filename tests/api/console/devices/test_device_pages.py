"""The tabs of a device as a person sees them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.console.devices.made import made, sent
from tests.support.console import Browser

PARAMETERS = [
    {"name": "seconds", "type": "integer", "required": True, "minimum": 1, "maximum": 60},
    {"name": "mode", "type": "enum", "values": ["fast", "slow"]},
    {"name": "loud", "type": "boolean"},
]


@pytest.fixture(scope="module")
def device(api: httpx.Client) -> dict[str, Any]:
    device = made(api, name="Cold room 2", labels={"site": "north"})
    declared = {"key": "temperature", "name": "Temperature", "unit": "°C"}
    assert api.post(f"/api/v2/devices/{device['id']}/sensors", json=declared).status_code == 201
    sent(api, device, {"temperature": 4.25, "battery": {"level": 80}, "door": "closed"})
    return device


@pytest.fixture(scope="module")
def here(device: dict[str, Any]) -> str:
    return f"/console/devices/{device['id']}"


def test_live_values_have_names_and_units(browser: Browser, device: dict[str, Any], here: str) -> None:
    assert browser.get(here).status_code == 200
    for text in ("Temperature", "°C", f'data-live="{device["id"]}/temperature"', "battery.level", "closed", "<ps-chart"):
        assert text in browser.page, text
    assert "fields=temperature" in browser.page


def test_values_have_the_decimals_of_their_sensor(browser: Browser, api: httpx.Client) -> None:
    exact = made(api, name="Rounded")
    page = f"/console/devices/{exact['id']}"
    api.post(f"/api/v2/devices/{exact['id']}/sensors", json={"key": "load", "decimals": 1}).raise_for_status()
    sent(api, exact, {"load": 7.25})
    shown = f'data-live="{exact["id"]}/load" data-decimals="1">7.3</b>'
    assert shown in browser.get(page).text
    assert "7.3" in browser.get(f"{page}/history?view=table&bucket=raw").text
    assert "7.25" not in browser.page
    assert browser.post(f"{page}/sensors/change", {"key": "load", "name": "Load", "value_type": "float"}).status_code == 303
    assert "7.25</b>" in browser.get(page).text
    assert "as measured" in browser.get(f"{page}/settings").text


def test_a_silent_device_waits_for_its_first_reading(browser: Browser, api: httpx.Client) -> None:
    browser.get(f"/console/devices/{made(api)['id']}")
    assert "<ps-first-reading" in browser.page
    assert "first-reading.js" in browser.page


def test_an_unknown_device_is_not_found(browser: Browser) -> None:
    assert browser.get("/console/devices/dev_0c2k9fq7w3m1x").status_code == 404
    assert browser.get("/console/devices/nothing/history").status_code == 404


def test_history_is_a_chart_or_a_table(browser: Browser, here: str) -> None:
    browser.get(f"{here}/history?range=6h&function=max")
    assert "functions=max" in browser.page
    assert "bucket=5m" in browser.page
    browser.get(f"{here}/history?fields=temperature,battery.level&view=table&bucket=day")
    assert "4.25" in browser.page
    assert "80" in browser.page
    browser.get(f"{here}/history?view=table&bucket=raw")
    assert "4.25" in browser.page
    browser.get(f"{here}/history?view=table&bucket=raw&fields=battery.level")
    assert ">80<" in browser.page
    assert "telemetry/export?format=csv" in browser.page
    assert browser.get(f"{here}/history?bucket=wrong&view=table").status_code == 400


def test_messages_show_what_was_received(browser: Browser, api: httpx.Client, here: str) -> None:
    uplink = {"lorawan": {"data": "AQ==", "rssi_dbm": -91, "gateways": [{"gateway_id": "gw-1"}]}}
    device = made(api)
    sent(api, device, uplink, channel="port")
    browser.get(f"/console/devices/{device['id']}/messages")
    for text in ("not decoded", "gw-1", "-91", "port"):
        assert text in browser.page, text
    browser.get(f"{here}/messages?quarantined=1")
    assert "Every message of this device could be used" in browser.page


def test_a_command_is_created_run_and_cancelled(browser: Browser, api: httpx.Client, here: str) -> None:
    browser.get(f"{here}/commands/new")
    form = {"name": "set_interval", "transport": "any", "verification": "acknowledgement"}
    browser.post(f"{here}/commands", form | {"parameters": "[{"})
    assert 'id="f-parameters-error"' in browser.page
    answer = browser.post(f"{here}/commands", form | {"parameters": str(PARAMETERS).replace("'", '"').replace("True", "true")})
    assert answer.status_code == 303, browser.page
    path = f"/api/v2{here.removeprefix('/console')}/commands"
    [command] = [one for one in api.get(path).json()["data"] if one["name"] == "set_interval"]
    run = f"{here}/commands/{command['id']}/run"
    assert browser.post(run, {"parameters.seconds": "90"}).status_code == 400
    assert "parameters.seconds" in browser.page
    assert 'id="f-parameters-seconds-error"' in browser.page
    browser.follow(browser.post(run, {"parameters.seconds": "30", "parameters.mode": "slow", "parameters.loud": "false"}))
    assert "queued" in browser.page
    [execution] = api.get("/api/v2/command-executions", params={"definition_id": command["id"]}).json()["data"]
    assert execution["parameters"] == {"seconds": 30, "mode": "slow", "loud": False}
    browser.follow(browser.post(f"{here}/executions/{execution['id']}/cancel"))
    assert "cancelled" in browser.page
    browser.get(f"{here}/commands/{command['id']}")
    assert browser.post(f"{here}/commands/{command['id']}", form | {"parameters": "[]"}).status_code == 303
    assert browser.post(f"{here}/queue", {"one_at_a_time": "true"}).status_code == 303
    assert browser.post(f"{here}/commands/{command['id']}/delete").status_code == 303
    assert "set_interval" not in api.get(path).text


def test_events_show_when_it_was_online(browser: Browser, here: str) -> None:
    assert browser.get(f"{here}/events?kind=join").status_code == 200
    assert "reported nothing about this device of the kind join" in browser.page


def test_alerts_are_acknowledged_and_maintenance_begun(browser: Browser, api: httpx.Client) -> None:
    device = made(api, name="Watched")
    here = f"/console/devices/{device['id']}"
    condition = {"type": "threshold", "field": "temperature", "operator": ">", "value": 8}
    alert = {"name": "Too warm", "target": {"devices": [device["id"]]}, "condition": condition, "severity": "critical"}
    assert api.post("/api/v2/alerts", json=alert).status_code == 201
    browser.get(f"{here}/alerts")
    assert "Too warm" in browser.page
    assert browser.post(f"{here}/alerts/ale_0c2k9fq7w3m1x/acknowledge").status_code == 303
    browser.follow(browser.post(f"{here}/maintenance", {"active": "true", "reason": "New fan"}))
    assert "New fan" in browser.page
    browser.follow(browser.post(f"{here}/maintenance", {"active": "false"}))
    assert "In maintenance" not in browser.page
