"""What an organisation holds of tariffs and invoices."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from tests.support.waiting import awaited

PERIOD = "2026-01"


def make_invoices(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """An invoice of its customer, a tariff that is not assigned, a run that goes on, and an account that is held."""
    customers = [one["id"] for one in call("GET", "/api/v2/customers?limit=1000")["data"] if one["name"].startswith(unique)]
    used, free = [_make_tariff(call, unique) for _ in range(2)]
    held = call("POST", "/api/v2/customers", _customer(f"{unique} held"))["id"]
    meter = call("POST", "/api/v2/devices", {"name": f"{unique} billed"})["device"]["id"]
    call("PUT", f"/api/v2/devices/{meter}/placement", {"customer_id": customers[0]})
    call("PUT", f"/api/v2/customers/{customers[0]}/tariffs", {"tariffs": [{"tariff_id": used["id"]}]})
    for customer in (customers[0], held):
        call("PUT", f"/api/v2/customers/{customer}/invoicing", {"target": "customer"})
    run = call("POST", "/api/v2/invoice-runs", {"period": PERIOD, "customer_ids": [customers[0], held]})["id"]
    awaited(lambda: call("GET", f"/api/v2/invoice-runs/{run}")["state"] == "done", what="the run")
    (invoice,) = call("GET", f"/api/v2/invoices?customer_id={customers[0]}&period={PERIOD}")["data"]
    for _ in range(2):
        call("POST", f"/api/v2/invoices/{invoice['id']}/send", {"to": f"{unique.replace(' ', '-')}@example.org"})
    mails = f"/api/v2/invoices/{invoice['id']}/mails"
    awaited(lambda: {one["state"] for one in call("GET", mails)["data"]} == {"sent"}, what="the mails")
    (hold,) = call("GET", f"/api/v2/invoice-holds?customer_id={held}")["data"]
    return {
        "tariff_id": free["id"],
        "first_day": free["versions"][0]["from"],
        "invoice_id": invoice["id"],
        "invoice_run_id": run,
        "hold_id": hold["id"],
    }


def _customer(name: str) -> dict[str, str]:
    return {"name": name, "admin_email": "ada@example.org", "tenant_name": name}


def _make_tariff(call: Callable[..., Any], unique: str) -> Any:
    """A tariff with two versions. The day of the first is one that no other tariff has."""
    day = f"19{70 + secrets.randbelow(30)}-{1 + secrets.randbelow(12):02d}-{1 + secrets.randbelow(28):02d}"
    prices = {"standing": [{"amount": "1"}]}
    made = call("POST", "/api/v2/tariffs", {"name": f"{unique} tariff", "currency": "EUR", "from": day, **prices})
    return call("POST", f"/api/v2/tariffs/{made['id']}/versions", {"from": "2025-01-01", **prices})
