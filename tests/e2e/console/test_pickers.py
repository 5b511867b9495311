"""A device is chosen by a part of its name, with the keys, wherever a form or a filter asks for one."""

from __future__ import annotations

import httpx

from tests.e2e.console.conftest import NewTab
from tests.support.in_process import InProcessServer

HOSTILE = "<img src=x onerror=alert(1)> مضخة"


def devices_of(api: httpx.Client, *names: str) -> dict[str, str]:
    """New devices: their ids by their names."""
    made = {name: api.post("/api/v2/devices", json={"name": name}).raise_for_status().json()["device"]["id"] for name in names}
    return {name: str(id_) for name, id_ in made.items()}


def test_devices_are_chosen_by_name(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        ids = devices_of(api, *(f"Probe {n}" for n in range(11)), "Zenith hall", HOSTILE)
    tab = new_tab(org)
    page = tab.page
    tab.open("/console/alerts/new")
    entry = page.get_by_role("combobox", name="Devices", exact=True)
    sent = page.locator("input[name='target.devices']")
    entry.fill("zen")
    page.get_by_role("option", name="Zenith hall").wait_for()
    entry.press("ArrowDown")
    assert entry.get_attribute("aria-activedescendant") == page.locator(".picker-pop li.here").get_attribute("id")
    entry.press("Enter")
    assert sent.input_value() == ids["Zenith hall"]
    entry.fill("<img")
    page.get_by_role("option", name="<img").click()
    assert sent.input_value() == f"{ids['Zenith hall']},{ids[HOSTILE]}"
    entry.fill("nothing has this")
    page.get_by_text("Nothing has this in its name.").wait_for()
    entry.press("Escape")
    assert entry.get_attribute("aria-expanded") == "false"
    page.get_by_role("button", name="Remove Zenith hall").click()
    assert sent.input_value() == ids[HOSTILE]
    assert not tab.judge()
    assert not tab.faults


def test_a_filter_shows_the_name_of_its_device(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        ids = devices_of(api, "Boiler", "Pump house")
    tab = new_tab(org)
    page = tab.page
    tab.open(f"/console/alerts/definitions?device_id={ids['Boiler']}")
    entry = page.get_by_role("combobox", name="Device", exact=True)
    page.wait_for_function("() => document.querySelector('.filter [role=combobox]')?.value === 'Boiler'")
    entry.click()
    page.get_by_role("option", name="Pump house").click()
    page.wait_for_url(f"**device_id={ids['Pump house']}*")
    entry.fill("words that are no device")
    entry.blur()
    assert entry.input_value() == "Pump house"
    entry.fill(ids["Boiler"])
    entry.press("Enter")
    page.wait_for_url(f"**device_id={ids['Boiler']}*")
    page.get_by_role("button", name="Choose none").click()
    page.wait_for_url(lambda url: "device_id" not in url)
    assert not tab.faults
