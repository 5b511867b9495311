"""The bill, as on the vendor's page."""

from __future__ import annotations

import secrets
from decimal import Decimal

import httpx

from penstock.core.tenancy.models import Price
from penstock.settings import load_settings
from tests.api.dialects.datakubo.conftest import INGEST, eventually
from tests.support.server import RunningServer


def test_forty_two_meters_that_reported_are_billed_as_on_the_vendor_s_page(kubo: RunningServer) -> None:
    """Source: the seed, "Get billing summary"."""
    headers = {"X-API-Key": kubo.orgs["Billed"].api_key}
    with httpx.Client(base_url=kubo.base_url, headers=headers, timeout=30) as api:
        for number in range(44):
            body = {"dev_eui": secrets.token_hex(8), "device_name": f"Meter {number}"}
            assert api.post("/api/v1/devices/register", json=body).status_code == 201
            for position in range(2 if number < 42 else 0):
                assert api.post(INGEST, json={"dev_eui": body["dev_eui"], "water": position}).status_code == 200

        def bill() -> httpx.Response:
            return api.get("/api/v1/reseller/billing")

        answer = eventually(bill, lambda found: found.json()["data"]["active_devices"] >= 42)
        assert answer.text == (
            '{"status":"success","data":{"subscription_tier":"starter","active_devices":42,"included_devices":25,'
            '"overage_devices":17,"base_cost":49.00,"overage_cost":10.03,"total_cost":59.03,"currency":"EUR"}}'
        )
    with kubo.client(kubo.orgs["Billed"]) as native:
        bill_there = native.get("/api/v2/billing/summary").json()
    assert (bill_there["total_cost"], bill_there["overage_devices"], bill_there["currency"]) == ("59.03", 17, "EUR")


def test_a_plan_without_a_price_costs_nothing(api: httpx.Client) -> None:
    bill = api.get("/api/v1/reseller/billing").json()["data"]
    assert (bill["subscription_tier"], bill["total_cost"], bill["overage_devices"]) == ("enterprise", 0, 0)


def test_the_vendor_s_tier_is_a_plan() -> None:
    plan = load_settings(environment={}).plans["datakubo_starter"]
    assert (plan.calls_per_minute, plan.calls_per_day, plan.monthly_readings) == (600, 100_000, 100_000)
    assert plan.price == Price(tier="starter", base_cost=Decimal("49.00"), device_cost=Decimal("0.59"), included_devices=25)
