"""The editor of codecs: preview on real uplinks, errors with their line, versions."""

from __future__ import annotations

import re

import pytest

from tests.support.console import browser_of
from tests.support.in_process import InProcessServer

SCRIPT = "function decodeUplink(input) {{ return {{data: {{volume: input.bytes[3] / {}}}}}; }}"
EUI = "70b3d57ed0061f2b"


def test_from_the_first_try_to_the_second_version(in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        profile_id = api.post("/api/v2/profiles", json={"name": "Meter"}).raise_for_status().json()["id"]
        device = {"name": "Flat", "profile_id": profile_id, "identifiers": [{"kind": "eui", "value": EUI}]}
        device_id = api.post("/api/v2/devices", json=device).raise_for_status().json()["device"]["id"]
        made = api.post("/api/v2/connections", json={"type": "chirpstack", "name": "c"}).raise_for_status().json()
        uplink = {"deduplicationId": "7d0f6a53-0f0c-4b7e-9c1f-2a7b6f4d1e90", "fCnt": 1, "fPort": 10, "data": "AALQBw4GAA=="}
        path = made["connection"]["ingest_path"] + "?event=up"
        uplink_of = uplink | {"deviceInfo": {"deviceName": "Flat", "devEui": EUI}}
        api.post(path, json=uplink_of, headers={"X-Connection-Secret": made["secret"]}).raise_for_status()
    home = f"/console/profiles/{profile_id}/codec"
    with browser_of(in_process, org) as browser:
        page = browser.get(f"{home}?device_id={device_id}").text
        assert "function decodeUplink(input)" in page
        (choice,) = re.findall(r'<option value="(10:0002d0070e0600)"', page)

        tried = browser.post(f"{home}/preview", {"script": SCRIPT.format(2), "uplink": choice, "device_id": device_id})
        assert tried.status_code == 200
        assert "&#34;volume&#34;: 3.5" in tried.text
        assert SCRIPT.format(2)[:30] in tried.text
        typed = browser.post(f"{home}/preview", {"script": SCRIPT.format(2), "uplink": choice, "bytes_hex": "00 00 00 0A"})
        assert "&#34;volume&#34;: 5" in typed.text
        failed = browser.post(
            f"{home}/preview", {"script": "function decodeUplink() {\n  throw new Error('odd');\n}", "uplink": choice}
        )
        assert "odd (line 2" in failed.text
        for wrong, text in (({"bytes_hex": "xyz"}, "bytes_hex"), ({"variables": "{a}"}, "is not JSON")):
            answer = browser.post(f"{home}/preview", {"script": SCRIPT.format(2), **wrong})
            assert (answer.status_code, text in answer.text) == (200, True)
        encoder = "function encodeDownlink(input) { return {fPort: 3, bytes: [1, input.data.n]}; }"
        form = {"script": encoder, "function": "encodeDownlink", "data": '{"n": 16}'}
        assert "0110" in browser.post(f"{home}/preview", form).text

        assert browser.post(home, {"script": "nope("}).status_code == 400
        assert 'id="f-script-error"' in browser.page or "cannot be loaded" in browser.page
        for number, divisor in ((1, 2), (2, 4)):
            saved = browser.follow(browser.post(home, {"script": SCRIPT.format(divisor), "note": f"by {divisor}"}))
            assert f"Version {number} decodes all uplinks" in saved.text
        first = re.findall(rf'href="({home}/cdc_\w+)"', browser.page)[-1]
        assert "Compared with version 2" in browser.get(first).text
        assert "Restored as version 3" in browser.follow(browser.post(f"{first}/restore", {"note": "back"})).text
        assert "Meter" in browser.get("/console/codecs").text
        assert "no codec" in browser.follow(browser.post(f"{home}/remove")).text


@pytest.mark.parametrize("path", ["codec", "codec/cdc_0000000000000"])
def test_nothing_is_shown_of_what_does_not_exist(path: str, in_process: InProcessServer) -> None:
    with browser_of(in_process, in_process.new_org()) as browser:
        assert browser.get(f"/console/profiles/prf_0000000000000/{path}").status_code == 404
