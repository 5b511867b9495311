"""How customers are invoiced, over HTTP."""

from __future__ import annotations

import secrets

import httpx
import pytest

from penstock.api.v2.invoices.examples import BUYER, SELLER


@pytest.fixture
def customer(api: httpx.Client) -> str:
    name = secrets.token_hex(6)
    body = {"name": name, "admin_email": "a@example.org", "tenant_name": name}
    return str(api.post("/api/v2/customers", json=body).json()["id"])


def test_parties_are_replaced(customer: str, api: httpx.Client) -> None:
    for path, party in (("organization", SELLER), (f"customers/{customer}", BUYER)):
        place = f"/api/v2/{path}/billing-party"
        assert api.put(place, json=party).json() == party
        assert api.get(place).json() == party
        assert api.put(place, json={"name": "X"}).json()["iban"] == ""
        refused = api.put(place, json={"iban": "DE00"})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "iban")


def test_settings_have_defaults_and_bounds(customer: str, api: httpx.Client) -> None:
    path = f"/api/v2/customers/{customer}/invoicing"
    assert (api.get(path).json()["target"], api.get(path).json()["next_period"]) == ("none", None)
    found = api.put(path, json={"target": "customer", "auto_close": True, "locale": "sr-Latn-RS", "number_prefix": "A/1-"}).json()
    assert (found["due_days"], found["period"], found["locale"]) == (14, "month", "sr-Latn-RS")
    assert found["next_period"] is not None
    for field, wrong in (
        ("due_days", 400),
        ("locale", "german"),
        ("number_prefix", "A B"),
        ("period", "week"),
        ("target", "all"),
    ):
        refused = api.put(path, json={"target": "customer", field: wrong})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    assert api.put(path, json={"target": "none"}).json()["next_close_at"] is None
