"""Accounts: a customer, or one of their own residents."""

from __future__ import annotations

from pathlib import Path

from tests.core.invoices.billed import utility


async def test_a_resident_of_another_customer_is_not_found(tmp_path: Path) -> None:
    async with utility(tmp_path) as acme:
        first, second = await acme.customer(), await acme.customer()
        resident = await acme.resident(first)
        await acme.call("GET", f"/customers/{first}/residents/{resident}/billing-party")
        for path in (
            f"/customers/{second}/residents/{resident}/billing-party",
            f"/customers/{second}/residents/{resident}/tariffs",
        ):
            assert (await acme.call("GET", path, status=404))["code"] == "residents.not_found"
        query = {"period": "2026-05", "resident_id": resident}
        refused = await acme.call("GET", f"/customers/{second}/invoices/preview", status=404, **query)
        assert refused["code"] == "residents.not_found"
