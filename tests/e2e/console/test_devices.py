"""From nothing to a device that reports: its value appears on the open page by itself."""

from __future__ import annotations

import re

from tests.e2e.console.conftest import NewTab
from tests.support.in_process import InProcessServer


def test_a_new_device_shows_its_first_reading_live(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    tab = new_tab(org)
    page = tab.page
    tab.open("/console/connect/http")
    page.fill("input[name=name]", "Room 4")
    page.click("main button.primary")
    page.wait_for_selector(".waiting")
    found = re.search(r"dev_[0-9a-z]{13}", page.content())
    assert found, page.inner_text("main")
    token = page.evaluate("document.body.innerHTML.match(/dtk_[A-Za-z0-9_-]{20,}/)?.[0] ?? ''")

    def report(value: float) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else org.headers()
        with in_process.client() as client:
            path = f"/api/v2/devices/{found[0]}/telemetry"
            answer = client.post(path, json={"data": {"temperature": value}}, headers=org.headers() | headers)
            assert answer.status_code == 201, answer.text

    page.wait_for_selector("[data-stream-state]", state="attached")
    report(4.25)
    page.wait_for_selector("text=4.25")
    tab.open(f"/console/devices/{found[0]}")
    value = page.locator(f"[data-live='{found[0]}/temperature']").first
    value.wait_for()
    assert "4.25" in value.inner_text()
    report(7.5)
    shown = "(key) => document.querySelector(`[data-live='${key}']`).textContent.includes('7.5')"
    page.wait_for_function(shown, arg=f"{found[0]}/temperature")
    assert not tab.faults


READ_TWO_AT_A_TIME = """() => {
    const map = document.createElement("ps-map");
    map.setAttribute("src", "/console/api/v2/devices?limit=2");
    document.querySelector("main").prepend(map);
}"""


def test_the_map_reads_all_pages_of_devices_and_says_how_many_it_shows(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        for number in range(5):
            place = {"location": {"latitude": 46 + number, "longitude": 7}} if number else {}
            api.post("/api/v2/devices", json={"name": f"Room {number}", **place}).raise_for_status()
    tab = new_tab(org)
    tab.open("/console/devices/map?q=Room")
    tab.page.wait_for_selector("#devices-map .map-note:has-text('4 of 5 have a location')")
    tab.page.evaluate(READ_TWO_AT_A_TIME)
    tab.page.wait_for_selector("ps-map:not([id]) .map-note:has-text('4 of 5 have a location')")
    assert tab.page.locator("ps-map:not([id]) .pin").count() >= 1
    assert "/api/v2/devices?" in tab.page.content()
    tab.open("/console/devices/map?q=nothing")
    tab.page.wait_for_selector("#devices-map .map-note:has-text('0 of 0 have a location')")
    assert not tab.faults
