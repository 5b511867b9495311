"""What every page does in the same way: keys, times on hover, what can be taken back, and what a chart tells besides its line."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.e2e.console.conftest import NewTab
from tests.support.chromium import Tab
from tests.support.in_process import InProcessServer
from tests.support.server import Org
from tests.support.waiting import awaited


@pytest.fixture(scope="module")
def made(in_process: InProcessServer) -> tuple[Org, str]:
    """An organisation with a device that was too warm, and was sent a command; and the id of the device."""
    org = in_process.new_org()
    with in_process.client(org) as api:
        device = api.post("/api/v2/devices", json={"name": "Cold room"}).json()["device"]["id"]
        condition = {"type": "threshold", "field": "temperature", "operator": ">", "value": 5}
        alert = {"name": "Too warm", "target": {"devices": [device]}, "condition": condition, "severity": "critical"}
        assert api.post("/api/v2/alerts", json=alert).status_code == 201
        command = api.post(f"/api/v2/devices/{device}/commands", json={"name": "Defrost"}).json()["id"]
        assert api.post(f"/api/v2/devices/{device}/commands/{command}/execute", json={}).status_code < 300
        for value in (3.5, 9.25, 4.0):
            assert api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"temperature": value}}).status_code == 201
        in_process.store_notes()
    return org, device


@pytest.fixture
def tab(new_tab: NewTab, made: tuple[Org, str]) -> Tab:
    return new_tab(made[0])


def test_keys_reach_what_they_name_and_times_tell_more_on_hover(tab: Tab, made: tuple[Org, str]) -> None:
    page = tab.page
    tab.open("/console/events")  # a list without search: the key goes to its first filter
    page.keyboard.press("?")
    shown = page.inner_text("#help")
    for text in ("Filter this list", "Next and previous row", "Edit", "Devices"):
        assert text in shown
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.closest('[data-filters]') !== null")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/console/devices")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/devices/{made[1]}")
    page.keyboard.press("e")
    page.wait_for_url("**/settings")
    time: Any = page.locator("main p.muted time").first
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ · \d{10}", time.get_attribute("title"))
    time.click()
    page.wait_for_selector(".toast:has-text('Copied')")
    assert not tab.faults


def test_what_was_done_can_be_taken_back(tab: Tab, made: tuple[Org, str], in_process: InProcessServer) -> None:
    page = tab.page
    tab.open(f"/console/devices/{made[1]}")

    def status() -> str:
        with in_process.client(made[0]) as api:
            return str(api.get(f"/api/v2/devices/{made[1]}").json()["status"])

    page.click(".page-actions details.menu > summary")
    page.click(".page-actions button:has-text('Pause')")
    page.click("#ask [data-ask-yes]")
    page.wait_for_selector(".toast button:has-text('Undo')")
    assert status() == "paused"
    page.click(".toast button:has-text('Undo')")
    page.wait_for_selector(".page-badge:not(:has-text('paused'))")
    page.wait_for_selector(".toast:has-text('resumed')")
    assert status() == "active"
    assert not tab.faults


def test_a_chart_has_the_bounds_of_alerts_and_marks_of_what_happened(tab: Tab, made: tuple[Org, str]) -> None:
    page = tab.page
    tab.open(f"/console/devices/{made[1]}/history?fields=temperature")
    page.wait_for_selector("a.note-mark.bad")
    labels = page.eval_on_selector_all(".note-mark", "(marks) => marks.map((mark) => mark.title.split(' · ')[0])")
    assert sorted(labels) == ["Alert: Too warm", "Command: Defrost, pending"]
    lines = page.evaluate("document.querySelector('ps-chart').thresholds")
    assert lines == [{"value": 5, "label": "Too warm", "tone": "bad"}]
    page.click("a.note-mark.bad")
    page.wait_for_url("**/console/alerts/events/*")
    assert not tab.faults


def test_long_work_is_found_under_the_bell_and_its_end_is_told(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    page = (tab := new_tab(org)).page
    with in_process.client(org) as api:
        file = {"content": b"name\nBegun elsewhere\n", "headers": {"content-type": "text/csv"}}
        begun = api.post("/api/v2/imports?kind=devices", **file).json()["id"]
        awaited(lambda: api.get(f"/api/v2/imports/{begun}").json()["state"] == "done")
    tab.open("/console/sign-in")  # as a page that saw it going on would have noted
    page.evaluate("(id) => localStorage.setItem('penstock.work', JSON.stringify({names: {[id]: 'Import of devices'}}))", begun)
    tab.open("/console/alerts")
    page.wait_for_selector(".toast:has-text('Import of devices: done')")
    page.click("[data-bell] > summary")
    page.click("[data-bell-list] [data-state=done]")
    page.wait_for_url(f"**/import/{begun}")
    assert not tab.faults
