"""Tariffs as a person edits them."""

from __future__ import annotations

import httpx

from tests.support.billed import called, clean
from tests.support.console import Browser

HERE = "/console/bills/tariffs"


def test_a_tariff_is_created_changed_and_deleted(browser: Browser, api: httpx.Client, site: dict[str, str]) -> None:
    for path in (HERE, f"{HERE}/{site['tariff']}", f"{HERE}/{site['tariff']}/versions/new"):
        assert browser.get(path).status_code == 200, path
        assert clean(browser.page)
    browser.get(f"{HERE}/new")
    row = {"items-0-kind": "volume", "items-0-unit": "m3", "items-0-up_to": "10", "items-0-price": "1.85"}
    form = {"name": "Water", "currency": "EUR", "from": "2026-01-01", **row, "items-1-price": "2.35"}
    assert browser.post(f"{HERE}/new", form | {"items-1-price": "dear"}).status_code == 400
    assert 'id="f-items-1-price-error"' in browser.page
    place = browser.post(f"{HERE}/new", form).headers["location"]
    at = place.removeprefix("/console/bills")
    assert [tier["price"] for tier in called(api, "GET", at)["versions"][0]["items"][0]["tiers"]] == ["1.85", "2.35"]
    browser.get(place)
    assert "up to 10 m3 per month" in browser.page
    assert browser.post(f"{place}/rename", {"name": "Drinking water"}).status_code == 303
    assert browser.post(f"{place}/versions/new", form | {"from": "2026-07-01"}).status_code == 303
    assert browser.post(f"{place}/versions/new", form | {"from": ""}).status_code == 400
    assert [one["from"] for one in called(api, "GET", at)["versions"]] == ["2026-01-01", "2026-07-01"]
    assert browser.post(f"{place}/versions/delete", {"first_day": "2026-07-01"}).status_code == 303
    assert len(called(api, "GET", at)["versions"]) == 1
    assert browser.post(f"{place}/delete").headers["location"] == HERE
    assert browser.post(f"{HERE}/{site['tariff']}/delete").headers["location"] != HERE
