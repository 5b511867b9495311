"""The seller and the plan as a person sees them."""

from __future__ import annotations

import httpx

from tests.support.billed import called
from tests.support.console import Browser

HERE = "/console/bills/settings"


def test_the_seller_is_set(browser: Browser, api: httpx.Client) -> None:
    assert browser.get(HERE).status_code == 200
    seller = {"name": "Rivertown Water", "address": "Mill Lane 3", "country": "DE", "vat_id": "DE123456789"}
    assert browser.post(HERE, seller | {"country": "Germany"}).status_code == 400
    assert 'id="f-country-error"' in browser.page
    assert browser.post(HERE, seller).status_code == 303
    assert called(api, "GET", "/organization/billing-party")["address"] == ["Mill Lane 3"]
    assert browser.post(f"{HERE}/logo/delete").headers["location"] == HERE
    assert browser.get("/console/bills/plan").status_code == 200
