"""An alert is raised while somebody looks at the list, and is acknowledged there."""

from __future__ import annotations

from tests.e2e.console.conftest import NewTab
from tests.support.in_process import InProcessServer


def test_an_alert_appears_and_is_acknowledged(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        device = api.post("/api/v2/devices", json={"name": "Freezer"}).json()["device"]["id"]
        condition = {"type": "threshold", "field": "temperature", "operator": ">", "value": 5}
        wanted = {"name": "Too warm", "target": {"devices": [device]}, "condition": condition, "severity": "critical"}
        made = api.post("/api/v2/alerts", json=wanted)
        assert made.status_code == 201, made.text
        tab = new_tab(org)
        page = tab.page
        tab.open("/console/alerts")
        page.wait_for_selector("[data-stream-state]", state="attached")
        api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"temperature": 9}}).raise_for_status()
        page.wait_for_selector("#list >> text=Too warm")
        page.click("#list >> text=Too warm")
        page.wait_for_selector("button:has-text('Acknowledge')")
        page.click("main button:has-text('Acknowledge')")
        page.fill("dialog[open] input[name=note]", "On my way")
        page.click("dialog[open] button:has-text('Acknowledge')")
        page.wait_for_selector("text=On my way")
        events = api.get("/api/v2/alert-events").json()["data"]
    assert [one["state"] for one in events] == ["acknowledged"]
    assert not tab.faults
