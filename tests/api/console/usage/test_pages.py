"""The page of plan and usage, with and without usage."""

from __future__ import annotations

import pytest

from tests.support.console import browser_of
from tests.support.in_process import InProcessServer

USAGE = "/console/usage"
NAME = "<img src=x onerror=alert(1)>"


def test_a_plan_is_shown_before_anything_was_used(in_process: InProcessServer) -> None:
    with browser_of(in_process, in_process.new_org()) as browser:
        assert browser.get(USAGE).status_code == 200
        assert "enterprise" in browser.page
        assert "Nothing was used in this range" in browser.page
        assert "No limit rejected a call" in browser.page
        for by in ("project", "key", "device", "customer", "<b>"):
            assert browser.get(USAGE, params={"by": by, "range": "7d"}).status_code == 200
        assert browser.get(USAGE, params={"range": "soon"}).status_code == 400
        backwards = {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}
        assert browser.get(USAGE, params=backwards).status_code == 400


@pytest.mark.parametrize("by", ["device", "project"])
def test_usage_is_shown_by_subject(by: str, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        device = api.post("/api/v2/devices", json={"name": NAME}).json()["device"]["id"]
        assert api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"x": 1}}).status_code == 201
    with browser_of(in_process, org) as browser:
        browser.get(USAGE, params={"by": by})
        assert "<img src=x" not in browser.page
