"""Connecting a first device: each transport creates what it needs, and shows how to use it."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.api.console.devices.made import browser_as, people_of
from tests.support.console import Browser
from tests.support.in_process import InProcessServer
from tests.support.server import Org

HERE = "/console/connect"


def test_all_ways_are_offered(browser: Browser) -> None:
    browser.get(HERE)
    for transport in ("http", "mqtt", "agent", "lorawan", "broker"):
        assert f'href="{HERE}/{transport}"' in browser.page
        assert browser.get(f"{HERE}/{transport}").status_code == 200
        browser.get(HERE)
    assert browser.get(f"{HERE}/pigeon").status_code == 404


@pytest.mark.parametrize("transport", ["http", "mqtt"])
def test_a_device_and_its_commands(transport: str, in_process: InProcessServer, browser: Browser, api: httpx.Client) -> None:
    browser.get(f"{HERE}/{transport}")
    assert browser.post(f"{HERE}/{transport}", {"name": ""}).status_code == 400
    assert 'id="f-name-error"' in browser.page
    browser.post(f"{HERE}/{transport}", {"name": f"First by {transport}"})
    [device] = api.get("/api/v2/devices", params={"q": f"First by {transport}"}).json()["data"]
    assert f'<ps-first-reading device="{device["id"]}"' in browser.page
    assert str(api.base_url).rstrip("/").partition("://")[2] in browser.page
    first = re.search(r"<figcaption>(\w+)", browser.page)
    assert first
    assert first[1].lower() == transport
    token = re.search(r"tok_\w+", browser.page)
    assert token
    with in_process.client(headers={"Authorization": f"Bearer {token[0]}"}) as client:
        sent = client.post(f"/api/v2/devices/{device['id']}/telemetry", json={"data": {"temperature": 21.5}})
    assert sent.status_code == 201


def test_an_agent_gets_its_code_at_once(browser: Browser) -> None:
    browser.get(f"{HERE}/agent")
    browser.post(f"{HERE}/agent", {"name": "Gateway"})
    assert "penstock-agent provision --server" in browser.page


def test_a_network_server_gets_address_and_secret(browser: Browser, api: httpx.Client) -> None:
    browser.get(f"{HERE}/lorawan")
    form = {"name": "Meter", "network": "chirpstack", "eui": "70B3D57ED0061FCC"}
    assert browser.post(f"{HERE}/lorawan", form | {"eui": "xyz"}).status_code == 400
    assert 'id="f-eui-error"' in browser.page
    assert browser.post(f"{HERE}/lorawan", form | {"network": "pigeon"}).status_code == 400
    assert browser.post(f"{HERE}/lorawan", form).status_code == 200, browser.page
    path, secret = re.search(r"/api/v2/ingest/con_\w+", browser.page), re.search(r'data-secret="([^"]+)"', browser.page)
    assert path
    assert secret
    body = {"deviceInfo": {"devEui": "70b3d57ed0061fcc"}, "fCnt": 1, "fPort": 1, "object": {"temperature": 21.5}}
    sent = api.post(f"{path[0]}?event=up", json=body, headers={"X-Connection-Secret": secret[1], "X-API-Key": ""})
    assert sent.json()["status"] == "stored", sent.text


def test_a_broker_is_subscribed(browser: Browser) -> None:
    browser.get(f"{HERE}/broker")
    form = {"name": "Broker", "host": "127.0.0.1", "port": "9", "topic": "sensors/{{deviceId}}/up"}
    assert browser.post(f"{HERE}/broker", form | {"topic": ""}).status_code == 400
    assert 'id="f-topic-error"' in browser.page
    browser.post(f"{HERE}/broker", form)
    path = re.search(rf'hx-get="({HERE}/state/con_\w+)"', browser.page)
    assert path
    assert browser.get(path[1]).status_code == 200
    assert "127.0.0.1" in browser.page


def test_a_viewer_connects_nothing(in_process: InProcessServer, org: Org) -> None:
    [person] = people_of(in_process, org).members("look", "viewer")
    with browser_as(in_process, person) as viewer:
        assert viewer.get(HERE).status_code == 200
        assert "Your role cannot create this" in viewer.page
        assert viewer.get(f"{HERE}/http").status_code == 404
        assert viewer.post(f"{HERE}/http", {"name": "Mine"}).status_code == 404
