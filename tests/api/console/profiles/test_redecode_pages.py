"""Re-decodes are started, seen and refused."""

from __future__ import annotations

from tests.support.console import browser_of
from tests.support.in_process import InProcessServer

SCRIPT = "function decodeUplink(input) { return {data: {n: input.bytes.length}}; }"


def test_one_is_started_for_a_profile(in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        profile_id = api.post("/api/v2/profiles", json={"name": "Meter"}).raise_for_status().json()["id"]
        home = f"/console/profiles/{profile_id}/redecodes"
        with browser_of(in_process, org) as browser:
            assert "has no codec in use" in browser.get(home).text
            api.post(f"/api/v2/profiles/{profile_id}/codec-versions", json={"script": SCRIPT}).raise_for_status()
            refused = browser.post(home, {"from": "2026-05-02T09:15", "to": "2026-05-01T09:15"})
            assert refused.status_code == 400
            assert "must be after from" in refused.text
            page = browser.follow(browser.post(home, {"from": "2026-05-01T09:15", "only_failed": "true"})).text
            assert "Re-decode queued" in page
            assert "without values" in page
            (found,) = api.get("/api/v2/redecodes").json()["data"]
            assert (found["from"], found["only_failed"]) == ("2026-05-01T09:15:00Z", True)
            assert found["profile_id"] in browser.get("/console/codecs/redecodes").text
            assert "Re-decode cancelled" in browser.follow(browser.post(f"/console/codecs/redecodes/{found['id']}/cancel")).text
