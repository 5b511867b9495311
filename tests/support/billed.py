"""An organisation with a customer whose meter was read and billed, as the pages of customers, meters and bills show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from penstock.kit.clock import DAY_US, SECOND_US, SystemClock, format_time
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org
from tests.support.waiting import awaited

HOSTILE = "<img src=x onerror=alert(1)> \u202eמכשיר 🌡️"
DAYS = 70


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def browser(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


@pytest.fixture(scope="module")
def api(in_process: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with in_process.client(org) as client:
        yield client


@pytest.fixture(scope="module")
def site(api: httpx.Client) -> dict[str, str]:
    """The ids of what `make_site` makes."""
    return make_site(api, HOSTILE)


def make_site(api: httpx.Client, name: str) -> dict[str, str]:
    """Make a customer with a resident, a meter with 70 days of readings, a tariff, and an invoice of the last month."""
    customer = called(api, "POST", "/customers", {"name": HOSTILE, "admin_email": "ada@example.org", "tenant_name": "riverside"})[
        "id"
    ]
    resident = {"name": "Grace", "email": "grace@example.org"}
    resident_id = called(api, "POST", f"/customers/{customer}/residents", resident)["id"]
    device = called(api, "POST", "/devices", {"name": f"Flat {name}", "type": "water_meter"})["device"]["id"]
    now_us = SystemClock().now_us()
    called(
        api, "PUT", f"/devices/{device}/placement", {"customer_id": customer, "from": format_time(now_us - (DAYS + 1) * DAY_US)}
    )
    readings = [
        {"time": format_time(now_us - (DAYS - day) * DAY_US - 60 * SECOND_US), "data": {"consumption_m3": 100 + day / 4}}
        for day in range(DAYS + 1)
    ]
    readings[-3]["data"] = {"consumption_m3": -5}
    called(api, "POST", f"/devices/{device}/telemetry", readings)
    prices = {"items": [{"kind": "volume", "unit": "m3", "price": "1.85", "vat_rate": "7"}], "standing": [{"amount": "6.50"}]}
    tariff = called(api, "POST", "/tariffs", {"name": name, "currency": "EUR", "from": "2020-01-01", **prices})["id"]
    called(api, "PUT", f"/customers/{customer}/tariffs", {"tariffs": [{"tariff_id": tariff}]})
    called(api, "PUT", f"/customers/{customer}/invoicing", {"target": "customer"})
    period = last_month(now_us)
    run = called(api, "POST", "/invoice-runs", {"period": period})["id"]
    awaited(lambda: called(api, "GET", f"/invoice-runs/{run}")["state"] == "done", what="the run")
    [invoice] = called(api, "GET", "/invoices")["data"]
    return {
        "customer": customer,
        "resident": resident_id,
        "device": device,
        "tariff": tariff,
        "run": run,
        "invoice": invoice["id"],
        "period": period,
    }


def called(api: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    """The answer of a call that must succeed."""
    answer = api.request(method, f"/api/v2{path}", json=body)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def last_month(now_us: int) -> str:
    """The month before the present one, such as `2026-05`."""
    year, month = (int(part) for part in format_time(now_us)[:7].split("-"))
    return f"{year - (month == 1)}-{(month - 2) % 12 + 1:02d}"


def clean(page: str) -> bool:
    """Whether the hostile names of the site are text."""
    return "<img src=x" not in page and "&lt;img src=x" in page
