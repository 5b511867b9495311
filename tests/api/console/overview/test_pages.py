"""The overview: empty, with things, and for people who may see less."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def browser(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


def test_it_follows_what_is_there(browser: Browser, in_process: InProcessServer, org: Org) -> None:
    assert browser.get("/console").status_code == 200
    assert "Connect a device" in browser.page
    assert "No alert is open." in browser.page
    with in_process.client(org) as api:
        made = api.post("/api/v2/devices", json={"name": HOSTILE}).json()
        condition = {"type": "threshold", "key": "t", "operator": ">", "value": 5}
        alert = {"name": HOSTILE, "severity": "critical", "device_ids": [made["device"]["id"]], "condition": condition}
        assert api.post("/api/v2/alerts", json=alert).status_code == 201, api.post("/api/v2/alerts", json=alert).text
        assert api.get("/api/v2/devices/summary").json() == {"total": 1, "paused": 0, "online": 0, "offline": 0, "never": 1}
    assert browser.get("/console").status_code == 200
    assert "of 1 devices" in browser.page
    assert HOSTILE not in browser.page


def test_whoever_sees_no_devices_goes_where_they_see_something(browser: Browser) -> None:
    assert "/console/system" in browser.page  # an owner has it in the menu
    refused = browser.get("/console/system")
    assert refused.status_code == 403
    assert "system.operators" in browser.page


def test_the_kit_is_not_shown_unless_asked_for(browser: Browser) -> None:
    assert browser.get("/console/kit").status_code == 404
