"""Invoices as a person sees them."""

from __future__ import annotations

import httpx

from tests.support.billed import called, clean
from tests.support.console import Browser


def test_invoices_are_listed_shown_and_downloaded(browser: Browser, site: dict[str, str]) -> None:
    place = f"/console/bills/{site['invoice']}"
    assert browser.get("/console/bills").status_code == 200
    assert clean(browser.page)
    assert place in browser.page
    browser.get("/console/bills?state=paid")
    assert place not in browser.page
    assert browser.get(place).status_code == 200
    assert clean(browser.page)
    file = browser.get(f"/console/api/v2/invoices/{site['invoice']}/file?format=pdf")
    assert file.content.startswith(b"%PDF")
    assert browser.get("/console/bills/ivc_0c2k9fq7w3v1c").status_code == 404
    preview = f"/console/bills/preview?customer_id={site['customer']}&period=2026-01"
    assert browser.get(preview).status_code == 200


def test_an_invoice_is_paid_unpaid_sent_and_cancelled(browser: Browser, api: httpx.Client, site: dict[str, str]) -> None:
    place, at = f"/console/bills/{site['invoice']}", f"/invoices/{site['invoice']}"
    browser.get(place)
    assert browser.post(f"{place}/paid", {"at": "never"}).status_code == 400
    assert 'id="f-at-error"' in browser.page
    browser.follow(browser.post(f"{place}/paid", {"at": "", "note": "bank transfer"}))
    assert "bank transfer" in browser.page
    assert called(api, "GET", at)["state"] == "paid"
    assert browser.post(f"{place}/unpaid").status_code == 303
    assert called(api, "GET", at)["state"] == "open"
    assert browser.post("/console/bills/bulk", {"action": "paid"}).headers["location"] == "/console/bills"
    browser.follow(browser.post("/console/bills/bulk", {"ids": [site["invoice"], "ivc_0c2k9fq7w3v1c"], "action": "paid"}))
    assert "1 of 2 payments recorded" in browser.page
    assert called(api, "GET", at)["state"] == "paid"
    assert browser.post(f"{place}/unpaid").status_code == 303
    assert browser.post(f"{place}/send", {"to": "x"}).status_code == 400
    assert browser.post(f"{place}/send", {"to": "erika@example.org"}).status_code == 303
    assert browser.post(f"{place}/cancel", {"reason": ""}).status_code == 400
    assert browser.post(f"{place}/cancel", {"reason": "wrong tariff"}).headers["location"] != place
    browser.get(place)
    assert "its credit note" in browser.page
