"""Meters as a person sees them."""

from __future__ import annotations

import httpx

from tests.support.billed import called, clean
from tests.support.console import Browser


def test_meters_are_listed_with_what_needs_attention(browser: Browser, site: dict[str, str]) -> None:
    assert browser.get(f"/console/meters?customer_id={site['customer']}").status_code == 200
    assert clean(browser.page)
    assert f"/console/meters/{site['device']}?register=volume" in browser.page
    assert "1 suspect value" in browser.page
    assert browser.get("/console/meters").headers["location"].endswith(site["customer"])
    browser.get(f"/console/meters?customer_id={site['customer']}&role=principal")
    assert "Nothing matches" in browser.page
    assert browser.get(f"/console/meters?customer_id={site['customer']}&kind=wrong").status_code == 400


def test_a_meter_is_shown_with_consumption(browser: Browser, site: dict[str, str]) -> None:
    place = f"/console/meters/{site['device']}"
    for query in ("", "?bucket=month&range=90d", "?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z"):
        assert browser.get(place + query).status_code == 200, query
        assert clean(browser.page)
    browser.get(f"{place}?range=30d")
    assert "ps-chart" in browser.page
    browser.get(f"{place}?bucket=year")
    assert "callout info" in browser.page


def test_suspect_values_are_decided_about(browser: Browser, api: httpx.Client, site: dict[str, str]) -> None:
    place, at = f"/console/meters/{site['device']}/values", f"/devices/{site['device']}/meter"
    [suspect] = called(api, "GET", f"{at}/values?status=suspect")["data"]
    assert browser.get(f"{place}?status=suspect").status_code == 200
    assert clean(browser.page)
    assert suspect["reason"] in browser.page
    answer = browser.post(place, {"kind": "correct", "time": suspect["time"], "value": "x", "reason": "Read"})
    assert answer.status_code == 400
    assert 'id="f-value-error"' in browser.page
    correct = {"kind": "correct", "time": suspect["time"], "value": "117.250", "reason": "Read on site", "register": ""}
    browser.follow(browser.post(place, correct))
    [edit] = called(api, "GET", f"{at}/edits")["data"]
    assert (edit["kind"], edit["value"]) == ("correct", 117.25)
    assert "Read on site" in browser.page
    assert browser.post(f"{place}/{edit['id']}/withdraw").status_code == 303
    assert called(api, "GET", f"{at}/edits")["data"][0]["withdrawn_at"]
    assert browser.post(f"{place}/{edit['id']}/withdraw").status_code == 303
    alarm = f"/console/meters/{site['device']}/alarms/alm_0c2k9fq7w3m1x/acknowledge"
    assert browser.follow(browser.post(alarm)).status_code == 200
    assert "notice" in browser.page or "bad" in browser.page
