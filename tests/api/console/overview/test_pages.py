"""The overview: empty, with things, and for people who may see less."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest

from penstock.api.console.overview.pages import OverviewPages
from penstock.api.console.shared.pages import Redirect
from penstock.api.console.shared.viewer import Viewer
from penstock.api.console.shared.visit import Visit
from tests.support.console import Browser, browser_of
from tests.support.days import HeldClock
from tests.support.in_process import InProcessServer
from tests.support.server import Org
from tests.support.waiting import eventually

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
        device_id, token = made["device"]["id"], made["access_token"]
        condition = {"type": "threshold", "field": "t", "operator": ">", "value": 5}
        alert = {
            "name": f"{HOSTILE} too warm",
            "severity": "critical",
            "target": {"devices": [device_id]},
            "condition": condition,
        }
        assert api.post("/api/v2/alerts", json=alert | {"actions": []}).status_code == 201
        summary = api.get("/api/v2/devices/summary").json()
        assert summary == {"total": 1, "paused": 0, "online": 0, "offline": 0, "never": 1}
        headers = {"Authorization": f"Bearer {token}"}
        sent = in_process.client().post(f"/api/v2/devices/{device_id}/telemetry", json={"data": {"t": 9}}, headers=headers)
        assert sent.status_code in (200, 201, 202), sent.text
        assert eventually(lambda: api.get("/api/v2/alert-events/summary").json()["open"] == 1)
        assert eventually(lambda: api.get("/api/v2/devices/summary").json()["online"] == 1)
    assert browser.get("/console").status_code == 200
    assert "of 1 device" in browser.page
    assert HOSTILE not in browser.page
    assert "too warm" in browser.page


@pytest.mark.parametrize(
    ("viewer", "place"),
    [
        (Viewer(role="resident", scopes=frozenset({"profile:read"})), "/console/devices"),
        (Viewer(role="member", scopes=frozenset({"alerts:read"})), "/console/alerts"),
        (Viewer(role="member", scopes=frozenset({"profile:read"})), "/console/profile"),
    ],
)
async def test_whoever_sees_no_devices_goes_where_they_see_something(viewer: Viewer, place: str) -> None:
    visit = SimpleNamespace(viewer=viewer, can=viewer.can)
    found = await OverviewPages(HeldClock()).show(cast("Visit", visit))
    assert isinstance(found, Redirect)
    assert found.location == place


def test_an_owner_of_one_of_many_organisations_is_told_who_the_operator_is(browser: Browser) -> None:
    refused = browser.get("/console/system")
    assert refused.status_code == 403
    assert "system.operators" in browser.page


def test_the_kit_is_not_shown_unless_asked_for(browser: Browser) -> None:
    assert browser.get("/console/kit").status_code == 404
