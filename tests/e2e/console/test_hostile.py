"""Hostile texts in what scripts make: results, pop-ups, legends, widgets, messages, and values that arrive by the stream."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.console.conftest import NewTab
from tests.security.hostility import HOSTILE
from tests.support.chromium import Tab
from tests.support.in_process import InProcessServer
from tests.support.server import Org

NAME = f"=1+1 {HOSTILE} </title><svg onload=alert(1)>"
FIELD = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def device(in_process: InProcessServer, org: Org) -> str:
    """A device with a hostile name and place, which reports hostile fields and values."""
    with in_process.client(org) as api:
        made = api.post("/api/v2/devices", json={"name": NAME, "location": {"latitude": 52.5, "longitude": 13.4}})
        device: str = made.raise_for_status().json()["device"]["id"]
        report(api, device)
    return device


def report(api: Any, device: str, value: float | str = 4) -> None:
    data = {FIELD: value, "note": NAME, "nested": {FIELD: [NAME]}}
    api.post(f"/api/v2/devices/{device}/telemetry", json={"data": data}).raise_for_status()


def check(tab: Tab) -> None:
    """Nothing became more than text: no element, no request, no message of the policy, no dialog."""
    assert tab.page.locator("img[src=x], [onerror], [onload]").count() == 0
    assert not tab.faults


def test_results_of_the_palette(new_tab: NewTab, org: Org, device: str) -> None:
    tab = new_tab(org)
    tab.open("/console/usage")
    tab.page.keyboard.press("Control+k")
    tab.page.fill("#palette input", "onerror")
    tab.page.wait_for_selector("#palette-list [role=option]:has-text('<svg onload')")
    check(tab)


def test_values_that_arrive(new_tab: NewTab, in_process: InProcessServer, org: Org, device: str) -> None:
    tab = new_tab(org)
    with tab.page.expect_response(lambda answer: "/streams/sse" in answer.url):
        tab.open(f"/console/devices/{device}")
    tab.page.wait_for_selector(f"main >> text={FIELD}")
    with in_process.client(org) as api:
        report(api, device, NAME)
    tab.page.wait_for_selector("[data-live$='onerror=alert(1)>']:has-text('<svg onload')")
    check(tab)


def test_pop_ups_of_the_map(new_tab: NewTab, org: Org, device: str) -> None:
    tab = new_tab(org)
    tab.open("/console/devices/map")
    tab.page.click("ps-map .leaflet-interactive >> nth=0")
    tab.page.wait_for_selector(".map-popup >> text=<svg onload")
    check(tab)


def test_charts_and_nested_values(new_tab: NewTab, org: Org, device: str) -> None:
    tab = new_tab(org)
    tab.open(f"/console/devices/{device}/history?range=1h")
    tab.page.wait_for_selector("ps-chart canvas")
    check(tab)
    tab.open(f"/console/devices/{device}/messages")
    tab.page.wait_for_selector("main .t-key:text-is('nested')", state="attached")
    check(tab)


def test_widgets(new_tab: NewTab, in_process: InProcessServer, org: Org, device: str) -> None:
    with in_process.client(org) as api:
        board = api.post("/api/v2/dashboards", json={"name": NAME}).raise_for_status().json()["id"]
        shown = {"source": {"device_id": device}, "field": "note", "label": NAME[:60]}
        several = {"device_ids": [device]}
        wanted: list[dict[str, Any]] = [
            {"type": "text", "text": f"{NAME} [link](javascript:alert(1)) ![x](x) <script>alert(1)</script>"},
            {"type": "last_value", **shown},
            {"type": "gauge", **shown, "field": FIELD, "thresholds": [{"value": 1, "label": NAME[:60]}]},
            {"type": "chart", "series": [{"source": several, "field": FIELD}]},
            {"type": "table", "source": several, "fields": [FIELD, "note"]},
            {"type": "map", "source": several, "field": "note"},
            {"type": "status_grid", "source": several},
        ]
        for options in wanted:
            widget = {"title": NAME, "options": options}
            api.post(f"/api/v2/dashboards/{board}/widgets", json=widget).raise_for_status()
    tab = new_tab(org)
    tab.open(f"/console/dashboards/{board}")
    tab.page.wait_for_selector("ps-dashboard td >> text=<svg onload")
    tab.page.wait_for_selector("ps-dashboard canvas")
    tab.page.click("ps-dashboard ps-map .leaflet-interactive >> nth=0")
    tab.page.wait_for_selector(".map-popup >> text=<svg onload")
    check(tab)
    assert not tab.page.locator("a[href^='javascript' i]").count()


def test_messages_at_the_edge(new_tab: NewTab, org: Org) -> None:
    tab = new_tab(org)
    tab.open("/console/usage")
    tab.page.evaluate("(text) => penstock.toast(text, { tone: 'bad', undo: { label: text, run() {} } })", NAME)
    tab.page.wait_for_selector(".toast >> text=<svg onload")
    check(tab)
