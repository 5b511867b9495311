"""The messages of a device, by kind."""

from __future__ import annotations

import httpx
import pytest

from penstock.api.console.devices.messages import KINDS, kind_of
from tests.api.console.devices.made import HOSTILE, made, sent
from tests.api.console.shared.test_visit import Api, visit_of
from tests.support.console import Browser


@pytest.mark.parametrize(
    ("query", "kind"),
    [({}, "reading"), ({"kind": "event"}, "event"), ({"kind": "wrong"}, "reading"), ({"quarantined": "1"}, "unusable")],
)
def test_the_kind_is_in_the_address(query: dict[str, str], kind: str) -> None:
    visit = visit_of(Api(200))
    visit.query = query
    assert kind_of(visit) == kind


def test_each_kind_is_a_list(browser: Browser, api: httpx.Client) -> None:
    device = made(api, name="Speaks")
    here = f"/console/devices/{device['id']}/messages"
    sent(api, device, {"temperature": 4.5})
    body = {"name": HOSTILE[:60], "transport": "any", "verification": "acknowledgement", "parameters": []}
    command = api.post(f"/api/v2/devices/{device['id']}/commands", json=body).json()
    answer = api.post(f"/api/v2/devices/{device['id']}/commands/{command['id']}/execute", json={"parameters": {}})
    assert answer.is_success, answer.text
    shown = {
        "reading": "temperature 4.5",
        "status": "Online and offline",
        "command": "&lt;img src=x",
        "event": "No message",
        "unusable": "Every",
    }
    assert shown.keys() == KINDS.keys()
    for kind, text in shown.items():
        for span in ("", "&range=24h", "&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z", "&range=99999999999d"):
            status = browser.get(f"{here}?kind={kind}{span}").status_code
            assert status == (400 if kind == "reading" and "9d" in span else 200), (kind, span)
            assert status == 400 or "99d" in span or text in browser.page, (kind, span)
    assert f"/console/csv/v2/devices/{device['id']}/telemetry?range=7d" in browser.get(here).text
    assert f"/console/csv/v2/command-executions?from=2026-01-01T00%3A00%3A00Z&device_id={device['id']}" in (
        browser.get(f"{here}?kind=command&from=2026-01-01T00:00:00Z").text.replace("&amp;", "&")
    )
    assert browser.get(f"{here}?kind=event&from=wrong").status_code == 400


def test_a_range_in_the_past_has_other_messages(browser: Browser, api: httpx.Client) -> None:
    device = made(api, name="Quiet")
    sent(api, device, {"temperature": 4.5})
    for kind in ("reading", "status"):
        browser.get(f"/console/devices/{device['id']}/messages?kind={kind}&from=2025-01-01T00:00:00Z&to=2025-02-01T00:00:00Z")
        assert "No message arrived in this range" in browser.page
