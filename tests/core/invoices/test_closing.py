"""Closing periods over HTTP, with the clock in hand: numbers, totals, what is held, and that invoices never change."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from penstock.core.invoices.closing import GROUP
from tests.core.invoices.billed import WATER, us, utility


async def test_a_month_becomes_an_invoice_once(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-05-31T21:59:59") as acme:
        customer = await acme.customer("Europe/Berlin", target="customer", due_days=10, locale="de-DE")
        tiers = [{"up_to": "10", "price": "1.85"}, {"price": "2.35"}]
        item = {"kind": "volume", "unit": "m3", "tiers": tiers, "vat_rate": 7, "name": "Drinking water"}
        await acme.assign(customer, await acme.tariff(items=[item], standing=[{"amount": "6.50", "vat_rate": "19"}]))
        meter = await acme.meter(customer)
        await acme.read_daily(meter, "2026-04-25", 37)
        early = await acme.close("2026-05", customer)
        assert (early["state"], early["issued"], early["failed"]) == ("done", 0, 1)
        assert early["problems"][0]["code"] == "invoices.period_not_ended", "it ends at midnight in Berlin, in a second"

        acme.clock.us = us("2026-06-03T22:30:00")
        preview = await acme.call("GET", f"/customers/{customer}/invoices/preview", period="2026-05")
        run = await acme.close("2026-05", customer)
        assert (run["total"], run["issued"], run["failed"], run["skipped"]) == (1, 1, 0, 0)
        again = await acme.close("2026-05")
        assert (again["issued"], again["skipped"]) == (0, 1), "to repeat it changes nothing"

        (invoice,) = await acme.invoices()
        assert (invoice["number"], invoice["issued_on"], invoice["due_on"]) == ("2026-000001", "2026-06-04", "2026-06-14")
        assert (invoice["from"], invoice["to"]) == ("2026-04-30T22:00:00Z", "2026-05-31T22:00:00Z")
        lines = [(one["text"], one["quantity"], one["price"], one["net"]) for one in invoice["lines"]]
        assert lines == [
            ("Drinking water", "10", "1.85", "18.50"),
            ("Drinking water", "21", "2.35", "49.35"),
            ("", "1", "6.50", "6.50"),
        ]
        sums = [(one["rate"], one["net"], one["vat"]) for one in invoice["vat_sums"]]
        assert sums == [("7", "67.85", "4.75"), ("19", "6.50", "1.24")]
        assert (invoice["net"], invoice["vat"], invoice["gross"]) == ("74.35", "5.99", "80.34")
        assert all(invoice[name] == value for name, value in preview.items()), "the preview was the same"


async def test_no_change_reaches_an_invoice(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        customer = await acme.customer(target="customer")
        tariff = await acme.tariff()
        await acme.assign(customer, tariff)
        meter = await acme.meter(customer)
        await acme.read_daily(meter, "2026-04-30", 32)
        await acme.close("2026-05")
        (before,) = await acme.invoices()
        assert before["gross"] == "68.20"
        await acme.read(meter, ("2026-05-31T23:00:00", 500.0))
        await acme.call("POST", f"/tariffs/{tariff}/versions", {"from": "2026-05-01", "items": [WATER | {"price": "9"}]})
        await acme.call("PUT", f"/customers/{customer}/billing-party", {"name": "Another"})
        await acme.call("PUT", "/organization/billing-party", {"name": "Another"})
        await acme.call("PATCH", f"/customers/{customer}", {"name": "Another", "timezone": "Asia/Tokyo"})
        await acme.call("DELETE", f"/devices/{meter}")
        await acme.call("DELETE", f"/customers/{customer}")
        await acme.work()
        assert await acme.invoices() == [before]
        stored = await acme.call("GET", "/invoices", customer_id=customer)
        assert [one["number"] for one in stored["data"]] == ["2026-000001"], "it outlives the customer"


async def test_residents_pay_for_their_own_meters(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        customer = await acme.customer(target="residents", number_prefix="RIV-")
        await acme.assign(customer, await acme.tariff())
        amounts = (1.0, 2.5, 0.333)
        residents = [await acme.resident(customer, f"Flat {at}") for at in range(3)]
        await acme.resident(customer, "Without a meter")
        for resident, step in zip(residents, amounts, strict=True):
            await acme.read_daily(await acme.meter(customer, resident), "2026-04-30", 32, step=step)
        run = await acme.close("2026-05")
        assert (run["total"], run["issued"], run["skipped"]) == (4, 3, 1), "one has nothing to pay"
        found = await acme.invoices()
        assert [(one["number"], one["account"], one["net"]) for one in reversed(found)] == [
            ("RIV-2026-000001", "Flat 0", "62.00"),
            ("RIV-2026-000002", "Flat 1", "155.00"),
            ("RIV-2026-000003", "Flat 2", "20.65"),
        ]
        total = sum(Decimal(line["quantity"]) for one in found for line in one["lines"])
        query = {"from": "2026-05-01T00:00:00Z", "to": "2026-06-01T00:00:00Z", "bucket": "month"}
        whole = await acme.call("GET", f"/customers/{customer}/consumption", **query)
        assert str(total) == "118.823"
        assert float(total) == float(whole["data"][0]["consumption"]), "residents add up to the customer"


async def test_prices_that_change_divide_the_period(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-07-02T00:00:00") as acme:
        customer = await acme.customer(target="customer", period="quarter")
        tariff = await acme.tariff(items=[WATER], standing=[{"amount": "3.10"}])
        version = {"from": "2026-05-11", "items": [WATER | {"price": "3"}], "standing": [{"amount": "6.20"}]}
        await acme.call("POST", f"/tariffs/{tariff}/versions", version)
        await acme.assign(customer, tariff)
        await acme.read_daily(await acme.meter(customer), "2026-03-31", 92)
        run = await acme.close("2026-Q2")
        assert run["issued"] == 1, run
        (invoice,) = await acme.invoices()
        assert [(one["kind"], one["from"][:10], one["quantity"], one["net"]) for one in invoice["lines"]] == [
            ("usage", "2026-04-01", "40", "80.00"),
            ("standing", "2026-04-01", "1.322581", "4.10"),
            ("usage", "2026-05-11", "51", "153.00"),
            ("standing", "2026-05-11", "1.677419", "10.40"),
        ]


async def test_what_cannot_be_billed_is_held_until_it_can(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        bare = await acme.customer(target="customer")
        mixed = await acme.customer(target="customer")
        euro, dollar = await acme.tariff(), await acme.tariff(currency="USD")
        both = [{"tariff_id": euro, "to": "2026-05-10"}, {"tariff_id": dollar, "from": "2026-05-10"}]
        await acme.call("PUT", f"/customers/{mixed}/tariffs", {"tariffs": both})
        nobody = await acme.customer()
        run = await acme.close("2026-05", bare, mixed, nobody)
        codes = ["invoices.no_tariff", "invoices.currencies_differ", "invoices.not_invoiced"]
        assert ([one["code"] for one in run["problems"]], run["failed"], run["issued"]) == (codes, 3, 0)
        holds = (await acme.call("GET", "/invoice-holds"))["data"]
        assert [(one["customer_id"], one["state"], one["period"], one["code"]) for one in holds] == [
            (bare, "held", "2026-05", "invoices.no_tariff"),
            (mixed, "held", "2026-05", "invoices.currencies_differ"),
        ]
        await acme.call("POST", f"/invoice-holds/{holds[0]['id']}/release", status=202)
        await acme.work()
        assert len((await acme.call("GET", "/invoice-holds", customer_id=bare))["data"]) == 1, "the reason remains"
        await acme.assign(bare, euro)
        await acme.read_daily(await acme.meter(bare), "2026-04-30", 32)
        await acme.close("2026-05", bare)
        assert (await acme.call("GET", "/invoice-holds", customer_id=bare))["data"] == []
        assert [one["customer_id"] for one in await acme.invoices()] == [bare]


async def test_periods_of_another_length_are_not_billed_twice(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-07-02T00:00:00") as acme:
        customer = await acme.customer(target="customer")
        await acme.assign(customer, await acme.tariff(standing=[{"amount": "1"}]))
        await acme.meter(customer)
        wrong = await acme.close("2026-Q2", customer)
        assert wrong["problems"][0]["code"] == "invoices.period_mismatch"
        assert (await acme.close("2026-05"))["issued"] == 1
        await acme.call("PUT", f"/customers/{customer}/invoicing", {"target": "customer", "period": "quarter"})
        run = await acme.close("2026-Q2")
        assert run["problems"][0]["code"] == "invoices.period_billed"
        assert "2026-000001" in run["problems"][0]["detail"]


async def test_groups_continue_after_each_other(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        first, second = [await acme.customer(target="residents") for _ in range(2)]
        tariff = await acme.tariff(standing=[{"amount": "1"}])
        for customer in (first, second):
            await acme.assign(customer, tariff)
        for at in range(GROUP + 3):
            await acme.meter(first, await acme.resident(first, f"Flat {at}"))
        await acme.meter(second, await acme.resident(second, "Last"))
        run = await acme.call("POST", "/invoice-runs", {"period": "2026-05"}, 202)
        step = acme.server.parts.invoices.worker.step
        await step()
        await step()
        halfway = await acme.call("GET", f"/invoice-runs/{run['id']}")
        assert (halfway["state"], halfway["total"], halfway["issued"]) == ("running", GROUP + 4, GROUP)
        await acme.call("POST", f"/invoice-runs/{run['id']}/cancel")
        await acme.work()
        stopped = await acme.call("GET", f"/invoice-runs/{run['id']}")
        assert (stopped["state"], stopped["issued"]) == ("cancelled", GROUP)
        assert (await acme.close("2026-05"))["issued"] == 4
        numbers = [one["number"] for one in (await acme.call("GET", "/invoices"))["data"]]
        assert numbers == [f"2026-{at:06d}" for at in range(GROUP + 4, 0, -1)]


async def test_a_period_closes_by_itself(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-05-20T00:00:00") as acme:
        customer = await acme.customer("America/New_York", target="customer", auto_close=True, close_after_days=2)
        await acme.assign(customer, await acme.tariff(standing=[{"amount": "1"}]))
        await acme.meter(customer)
        settings = await acme.call("GET", f"/customers/{customer}/invoicing")
        assert (settings["next_period"], settings["next_close_at"]) == ("2026-05", "2026-06-03T04:00:00Z")
        acme.clock.us = us("2026-06-03T03:59:59")
        await acme.work()
        assert await acme.invoices() == []
        acme.clock.us = us("2026-08-05T00:00:00")
        await acme.work()
        assert [one["period"] for one in reversed(await acme.invoices())] == ["2026-05", "2026-06", "2026-07"]
        runs = (await acme.call("GET", "/invoice-runs"))["data"]
        assert [(one["period"], one["automatic"], one["issued"]) for one in runs] == [
            ("2026-07", True, 1),
            ("2026-06", True, 1),
            ("2026-05", True, 1),
        ]


async def test_periods_follow_each_other_whatever_the_time_zone_was(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-08-02T12:00:00") as acme:
        customer = await acme.customer(target="customer")
        await acme.assign(customer, await acme.tariff(items=[WATER], standing=[{"amount": "30"}]))
        await acme.read_daily(await acme.meter(customer), "2026-04-30", 94)
        for period, timezone in (("2026-05", "UTC"), ("2026-06", "Pacific/Auckland"), ("2026-07", "America/New_York")):
            await acme.call("PATCH", f"/customers/{customer}", {"timezone": timezone})
            assert (await acme.close(period, customer))["issued"] == 1, timezone
            assert (await acme.close(period, customer))["skipped"] == 1
        july, june, may = await acme.invoices()
        assert (may["to"], june["to"]) == (june["from"], july["from"])
        used = [Decimal(one["lines"][0]["quantity"]) for one in (may, june, july)]
        assert (sum(used), [one["lines"][1]["net"] for one in (may, june, july)]) == (92, ["30.00"] * 3)
        await acme.call("PATCH", f"/customers/{customer}", {"timezone": "Asia/Tokyo"})
        assert (await acme.close("2026-06", customer))["skipped"] == 1
