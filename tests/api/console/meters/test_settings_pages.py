"""The settings of a meter as a person changes them."""

from __future__ import annotations

import httpx

from tests.support.billed import called, clean
from tests.support.console import Browser


def test_role_replacement_and_alarms_are_set(browser: Browser, api: httpx.Client, site: dict[str, str]) -> None:
    place, at = f"/console/meters/{site['device']}/settings", f"/devices/{site['device']}/meter"
    assert browser.get(place).status_code == 200
    assert clean(browser.page)
    default = called(api, "GET", at)
    same = {"field": default["field"], "unit": default["unit"], "rolls_over_at": ""}
    assert browser.post(f"{place}/role", same | {"role": "principal"}).status_code == 303
    found = called(api, "GET", at)
    assert (found["role"], found["registers"]) == ("principal", default["registers"])
    assert browser.post(f"{place}/role", same | {"role": "leaf", "field": "counter", "unit": "L"}).status_code == 303
    found = called(api, "GET", at)
    assert (found["field"], found["unit"], found["source"]) == ("counter", "L", "device")
    assert browser.post(f"{place}/role", {"role": "leaf", "unit": "parsec", "field": "counter"}).status_code == 400
    assert 'id="f-unit-error"' in browser.page
    replaced = {"register": "volume", "at": "2026-01-02T00:00:00Z", "last_value": "7.5", "first_value": "0", "serial": "S-2"}
    assert browser.post(f"{place}/replacement", replaced).status_code == 303
    assert called(api, "GET", at)["registers"][-1]["serial"] == "S-2"
    assert browser.post(f"{place}/role", {"role": "leaf"}).status_code == 303
    assert len(called(api, "GET", at)["registers"]) == 2
    assert browser.post(f"{place}/replacement", {"register": "volume", "at": "never"}).status_code == 400
    alarms = {"burst.enabled": "true", "burst.flow": "2.5", "frozen.enabled": "false", "tamper.fields": "a, b.*"}
    assert browser.post(f"{place}/alarms", alarms | {"burst.flow": "-1"}).status_code == 400
    assert 'id="f-burst-flow-error"' in browser.page
    assert browser.post(f"{place}/alarms", alarms).status_code == 303
    own = called(api, "GET", f"{at}/alarm-settings")["own"]
    assert own["burst"] == {"enabled": True, "flow": 2.5}
    assert (own["frozen"], own["tamper"]) == ({"enabled": False}, {"fields": ["a", "b.*"]})
    browser.get(place)
    assert 'value="2.5"' in browser.page
    assert browser.post(f"{place}/reset").status_code == 303
    assert called(api, "GET", at)["source"] == "default"
