"""Previews and the caller's own invoices, over HTTP."""

from __future__ import annotations

import httpx

from tests.api.v2.invoices.test_setup_routes import customer

__all__ = ["customer"]


def test_a_preview_says_what_is_missing(customer: str, api: httpx.Client) -> None:
    path = f"/api/v2/customers/{customer}/invoices/preview"
    missing = api.get(path, params={"period": "2026-05"})
    assert (missing.status_code, missing.json()["code"]) == (409, "invoices.no_tariff")
    assert "2026-05-01" in missing.json()["detail"]
    for query, field in (
        ({}, "period"),
        ({"period": "May"}, "period"),
        ({"period": "2026-05", "resident_id": "x"}, "resident_id"),
    ):
        refused = api.get(path, params=query)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)


def test_a_preview_without_meters_is_empty(customer: str, api: httpx.Client) -> None:
    item = {"kind": "volume", "unit": "m3", "price": "1"}
    tariff = api.post("/api/v2/tariffs", json={"name": "T", "currency": "JPY", "from": "2020-01-01", "items": [item]}).json()[
        "id"
    ]
    api.put(f"/api/v2/customers/{customer}/tariffs", json={"tariffs": [{"tariff_id": tariff}]}).raise_for_status()
    found = api.get(f"/api/v2/customers/{customer}/invoices/preview", params={"period": "2026-Q1"}).json()
    assert (found["lines"], found["gross"], found["currency"]) == ([], "0", "JPY")
