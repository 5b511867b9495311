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


def test_on_a_phone_a_list_is_cards_that_fit(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        device = api.post("/api/v2/devices", json={"name": "Room " + "x" * 150, "labels": {"site": "north"}}).json()["device"][
            "id"
        ]
        api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"temperature": 4.25, "note": "y" * 90}}).raise_for_status()
    tab = new_tab(org, width="phone")
    page = tab.page
    tab.open("/console/devices")
    page.wait_for_selector("#devices >> text=4.25")
    assert (
        page.evaluate(
            "(() => { const box = document.querySelector('.table-scroll'); return box.scrollWidth - box.clientWidth; })()"
        )
        <= 1
    )
    title, box = page.locator("#devices .row-link").bounding_box(), page.locator("#devices [data-check]").bounding_box()
    assert box["x"] + box["width"] < title["x"]
    assert (
        page.locator("#devices td[data-col=last_seen_at]").evaluate("(cell) => getComputedStyle(cell, '::before').content")
        == '"Last seen"'
    )
    page.check("#devices [data-check]")
    page.wait_for_selector("#devices-bulk:visible")
    assert not tab.faults


def test_errors_above_a_form_name_fields_as_their_labels_do(new_tab: NewTab, in_process: InProcessServer) -> None:
    tab = new_tab(in_process.new_org())
    page = tab.page
    tab.open("/console/devices/new")
    page.fill("#f-expected_interval_s", "0")
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })")
    page.click("main button.primary")
    page.wait_for_selector(".form-errors >> text=2 fields need another look")
    assert page.locator(".form-errors a").all_inner_texts() == ["Name", "Expected interval"]
    page.click(".form-errors a >> text=Expected interval")
    page.wait_for_function("document.activeElement.id === 'f-expected_interval_s'")
    assert page.locator("#f-name-error").inner_text() == "is required"


def test_the_aggregate_of_a_history_is_chosen_without_a_button(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        device = api.post("/api/v2/devices", json={"name": "Room"}).json()["device"]["id"]
        api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"temperature": 4.25}}).raise_for_status()
    tab = new_tab(org)
    tab.open(f"/console/devices/{device}/history?range=6h")
    tab.page.select_option("select[name=function]", "max")
    tab.page.wait_for_url("**/history?range=6h&function=max**")
    assert not tab.faults
