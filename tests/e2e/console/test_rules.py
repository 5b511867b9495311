"""A rule is rehearsed with what its device reported, before it is deployed."""

from __future__ import annotations

from tests.e2e.console.conftest import NewTab
from tests.support.in_process import InProcessServer


def test_a_rule_is_rehearsed(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        device = api.post("/api/v2/devices", json={"name": "Oven"}).json()["device"]["id"]
        readings = [{"data": {"temperature": value}} for value in (100, 250, 260)]
        api.post(f"/api/v2/devices/{device}/telemetry", json=readings).raise_for_status()
        definition = {
            "trigger": {"type": "reading", "device_ids": [device], "sensors": ["temperature"]},
            "condition": "reading.values.temperature > 200.0",
            "actions": [{"type": "label", "key": "oven", "value": "hot"}],
        }
        rule = api.post("/api/v2/rules", json={"name": "Hot", "definition": definition}).raise_for_status().json()["id"]
    tab = new_tab(org)
    tab.open(f"/console/rules/{rule}/rehearse")
    tab.page.click("main button:has-text('Rehearse')")
    tab.page.wait_for_selector("text=would have acted 2 times")
    with in_process.client(org) as api:
        assert api.get(f"/api/v2/devices/{device}").json()["labels"] == {}, "nothing was done"
    assert not tab.faults


def test_a_wrong_condition_is_named_as_people_say_it(new_tab: NewTab, in_process: InProcessServer) -> None:
    tab = new_tab(in_process.new_org())
    page = tab.page
    tab.open("/console/rules/new")
    page.fill("main [name=name]", "Hot")
    page.click(".cm-content >> nth=0")
    page.keyboard.type("reading.values.temperature > ")
    page.locator("main button:visible:text-is('Save')").last.click()
    page.wait_for_selector(".callout [data-label-of]:text-is('Condition')")
