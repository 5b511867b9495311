"""Settings that change while a closing is due, and who appears on an invoice."""

from __future__ import annotations

from pathlib import Path

from tests.core.invoices.billed import us, utility


async def test_a_closing_that_is_due_is_not_lost_by_other_settings(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-05-20T00:00:00") as acme:
        settings = {"target": "customer", "auto_close": True, "close_after_days": 0}
        customer = await acme.customer(**settings)
        path = f"/customers/{customer}/invoicing"
        acme.clock.us = us("2026-06-01T00:00:01")
        found = await acme.call("PUT", path, settings | {"due_days": 30})
        assert (found["next_period"], found["due_days"]) == ("2026-05", 30)
        assert (await acme.call("PUT", path, settings | {"period": "quarter"}))["next_period"] == "2026-Q2"
        assert (await acme.call("PUT", path, settings | {"auto_close": False}))["next_period"] is None
        audit = (await acme.call("GET", "/logs", action="invoicing.set"))["data"]
        assert len(audit) == 4


async def test_parties_appear_as_they_were_set(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        customer = await acme.customer(target="residents")
        resident = await acme.resident(customer)
        await acme.assign(customer, await acme.tariff(standing=[{"amount": "1"}]))
        await acme.meter(customer, resident)
        await acme.call("PUT", "/organization/billing-party", {"name": "Rivertown Water", "vat_id": "DE1"})
        await acme.call(
            "PUT", f"/customers/{customer}/residents/{resident}/billing-party", {"address": ["Lane 1"], "number": "K-1"}
        )
        await acme.close("2026-05")
        (invoice,) = await acme.invoices()
        assert (invoice["seller"]["name"], invoice["seller"]["vat_id"]) == ("Rivertown Water", "DE1")
        buyer = invoice["buyer"]
        assert (buyer["name"], buyer["address"], buyer["number"]) == ("Grace", ["Lane 1"], "K-1")
        assert buyer["email"].endswith("@example.org")
