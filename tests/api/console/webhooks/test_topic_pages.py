"""The catalogue of event types."""

from __future__ import annotations

from tests.support.console import browser_of
from tests.support.in_process import InProcessServer


def test_types_are_listed_with_who_receives_them(in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        body = {"url": "https://hooks.invalid/in", "topics": ["connection.*"], "name": "Receiver"}
        api.post("/api/v2/webhooks", json=body).raise_for_status()
        api.post("/api/v2/connections", json={"type": "custom", "name": "Sender"}).raise_for_status()
    with browser_of(in_process, org) as browser:
        assert "device.offline" in browser.get("/console/webhooks/topics").text
        assert "device.offline" not in browser.get("/console/webhooks/topics?q=invoice").text
        assert "No event type has this" in browser.get("/console/webhooks/topics?q=nonsense").text
        page = browser.get("/console/webhooks/topics/connection.created").text
        assert "Receiver" in page
        assert "&#34;timestamp&#34;" in page
        assert "No webhook has received one yet" in browser.get("/console/webhooks/topics/device.offline").text
        assert browser.get("/console/webhooks/topics/odd").status_code == 404
