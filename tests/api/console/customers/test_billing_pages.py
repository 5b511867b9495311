"""How a customer is billed, as a person sets it."""

from __future__ import annotations

import httpx

from tests.support.billed import called, clean
from tests.support.console import Browser


def test_invoicing_tariffs_and_buyer_are_set(browser: Browser, api: httpx.Client, site: dict[str, str]) -> None:
    place, at = f"/console/customers/{site['customer']}/billing", f"/customers/{site['customer']}"
    assert browser.get(place).status_code == 200
    assert clean(browser.page)
    invoicing = {"target": "residents", "period": "quarter", "due_days": "30", "locale": "de-DE", "auto_close": "true"}
    assert browser.post(f"{place}/invoicing", invoicing | {"due_days": "900"}).status_code == 400
    assert 'id="f-due_days-error"' in browser.page
    assert browser.post(f"{place}/invoicing", invoicing).status_code == 303
    found = called(api, "GET", f"{at}/invoicing")
    assert (found["target"], found["period"], found["auto_close"], found["due_days"]) == ("residents", "quarter", True, 30)
    rows = {"tariffs[0].tariff_id": site["tariff"], "tariffs[0].from": "2021-01-01", "tariffs[1].tariff_id": ""}
    assert browser.post(f"{place}/tariffs", rows).status_code == 303
    [assigned] = called(api, "GET", f"{at}/tariffs")["tariffs"]
    assert (assigned["tariff_id"], assigned["from"]) == (site["tariff"], "2021-01-01")
    assert browser.post(f"{place}/tariffs", rows | {"tariffs[0].from": "never"}).status_code == 400
    party = {"name": "Riverside", "address": "Mill Lane 3\nGate 2", "city": "Rivertown", "country": "DE"}
    assert browser.post(f"{place}/party", party).status_code == 303
    assert called(api, "GET", f"{at}/billing-party")["address"] == ["Mill Lane 3", "Gate 2"]
    browser.get(place)
    assert "Gate 2" in browser.page
    assert browser.get(f"/console/bills/preview?customer_id={site['customer']}&period=x").status_code == 200
    assert "callout bad" in browser.page
