"""What was wrong on an invoice is corrected on the next one, once."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.core.invoices.billed import WATER, Utility, us, utility

COUNTER = {"field": "consumption_m3", "unit": "m3"}
EDIT = {"kind": "correct", "time": "2026-05-31T12:00:00Z", "reason": "Read on site"}
REPLACEMENT = {"register": "volume", "at": "2026-05-15T00:00:00Z", "last_value": 120, "first_value": 110}
EXPECTED = {
    "edit": "-0.5",
    "withdrawal": "3",
    "replacement": "10",
    "registers": "31",
    "placement": "-20.5",
    "profile": "279",
    "profile registers": "62",
    "late, then another customer": "0.25",
}
"""What May lacks after each change: 31 were billed, and 28 where an edit was withdrawn."""
TIERS = [{"up_to": "10", "price": "2"}, {"price": "3"}]


async def account(acme: Utility, **version: Any) -> tuple[str, str]:
    customer = await acme.customer(target="customer")
    await acme.assign(customer, await acme.tariff(**version))
    return customer, await acme.meter(customer)


def corrections(invoice: Any) -> list[tuple[str, str, str, str]]:
    found = [one for one in invoice["lines"] if one["kind"] == "correction"]
    return [(one["corrects"]["number"], one["corrects"]["period"], one["quantity"], one["net"]) for one in found]


async def test_late_readings_are_corrected_once(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        _, meter = await account(acme, items=[WATER | {"price": "2.00"}])
        await acme.read_daily(meter, "2026-04-30", 32)
        await acme.close("2026-05")
        await acme.read(meter, ("2026-05-31T23:00:00", 135.5))
        acme.clock.us = us("2026-07-02T00:00:00")
        await acme.read_daily(meter, "2026-06-01", 30, start=136.0)
        await acme.close("2026-06")
        june, may = await acme.invoices()
        assert may["net"] == "62.00"
        assert corrections(june) == [("2026-000001", "2026-05", "4.5", "9.00")]
        (line,) = [one for one in june["lines"] if one["kind"] == "correction"]
        assert (line["reason"], line["corrected"], line["price"]) == ("late readings", "usage", "2.00")
        assert line["meter"]["device_id"] == meter
        assert june["net"] == str(Decimal("59.00") + 9), "what June counted after the last reading of May, and what May lacked"
        acme.clock.us = us("2026-08-02T00:00:00")
        await acme.read_daily(meter, "2026-07-01", 31, start=166.0)
        await acme.close("2026-07")
        assert corrections((await acme.invoices())[0]) == [], "it is not corrected twice"


async def test_tiers_are_corrected_by_tier(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        _, meter = await account(acme, items=[{"kind": "volume", "unit": "m3", "tiers": TIERS}], minimum={"amount": "25"})
        await acme.read(meter, ("2026-04-30T12:00:00", 100.0), ("2026-05-31T12:00:00", 108.0))
        await acme.close("2026-05")
        assert [(one["kind"], one["net"]) for one in (await acme.invoices())[0]["lines"]] == [
            ("usage", "16.00"),
            ("minimum", "9.00"),
        ]
        acme.clock.us = us("2026-07-02T00:00:00")
        await acme.read(meter, ("2026-05-31T23:00:00", 114.0), ("2026-06-30T12:00:00", 124.0))
        await acme.close("2026-06")
        june = (await acme.invoices())[0]
        # What May costs now: 10 at 2 and 4 at 3, which is above the minimum.
        assert sorted(corrections(june)) == [
            ("2026-000001", "2026-05", "1", "-9.00"),
            ("2026-000001", "2026-05", "2", "4.00"),
            ("2026-000001", "2026-05", "4", "12.00"),
        ]


async def test_an_estimated_end_is_settled_by_the_next_readings(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        _, meter = await account(acme)
        await acme.read_daily(meter, "2026-04-20", 37)
        await acme.close("2026-05")
        (may,) = await acme.invoices()
        assert may["notes"]["estimated"] == ["Meter"]
        assert may["lines"][0]["quantity"] == "31", "five days as usual"
        acme.clock.us = us("2026-07-02T00:00:00")
        await acme.read(meter, ("2026-06-30T12:00:00", 136.0 + 35 * 2))
        await acme.close("2026-06")
        june = (await acme.invoices())[0]
        assert corrections(june) == [("2026-000001", "2026-05", "5", "10.00")], "two a day over the gap"


async def test_every_change_of_the_past_is_corrected_where_the_meter_was(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-05T12:00:00") as acme:
        tariff = await acme.tariff()
        used = (await acme.call("POST", "/profiles", {"name": "A", "registers": [COUNTER]}))["id"]
        tenfold = (await acme.call("POST", "/profiles", {"name": "B", "registers": [COUNTER | {"factor": 10}]}))["id"]
        other = await acme.customer(target="customer")
        await acme.assign(other, tariff)
        await acme.read_daily(await acme.meter(other, name="Own"), "2026-04-30", 36)
        customers, meters = {}, {}
        for name in EXPECTED:
            customers[name] = await acme.customer(target="customer")
            await acme.assign(customers[name], tariff)
            meters[name] = await acme.meter(customers[name], name=name)
            await acme.read_daily(meters[name], "2026-04-30", 36)
        for name in ("profile", "profile registers"):
            await acme.call("PATCH", f"/devices/{meters[name]}", {"profile_id": used})
        meter_of = {name: f"/devices/{meter}/meter" for name, meter in meters.items()}
        wrong = await acme.call("POST", f"{meter_of['withdrawal']}/edits", EDIT | {"value": 128})
        await acme.close("2026-05")
        before = await acme.invoices()
        await acme.call("POST", f"{meter_of['edit']}/edits", EDIT | {"value": 130.5})
        await acme.call("POST", f"{meter_of['withdrawal']}/edits/{wrong['id']}/withdraw", {"reason": "Wrong meter"})
        await acme.call("POST", f"{meter_of['replacement']}/replacements", REPLACEMENT)
        await acme.call("PUT", meter_of["registers"], {"registers": [COUNTER | {"factor": 2}]})
        moved = {"customer_id": other, "from": "2026-05-11T00:00:00Z"}
        await acme.call("PUT", f"/devices/{meters['placement']}/placement", moved)
        # It is at a third one since: what counts is who had it in May.
        await acme.call("PUT", f"/devices/{meters['placement']}/placement", {"customer_id": customers["edit"]})
        await acme.call("PATCH", f"/devices/{meters['profile']}", {"profile_id": tenfold})
        await acme.call("PATCH", f"/profiles/{used}", {"registers": [COUNTER | {"factor": 3}]})
        await acme.call("PUT", f"/devices/{meters['late, then another customer']}/placement", {"customer_id": other})
        await acme.read(meters["late, then another customer"], ("2026-05-31T23:00:00", 131.25))
        acme.clock.us = us("2026-07-02T00:00:00")
        await acme.close("2026-06")
        found = {one["customer_id"]: corrections(one) for one in await acme.invoices(period="2026-06")}
        for name, quantity in EXPECTED.items():
            assert [one[1:3] for one in found[customers[name]]] == [("2026-05", quantity)], name
        assert [one[1:3] for one in found[other]] == [("2026-05", "20.5")], "what the customer before is given back"
        assert await acme.invoices(period="2026-05") == before


async def test_a_reading_after_the_end_corrects_the_resident_who_had_the_meter(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-01T00:00:00") as acme:
        customer = await acme.customer(target="residents")
        await acme.assign(customer, await acme.tariff())
        before, after = await acme.resident(customer, "Ada"), await acme.resident(customer, "Grace")
        meter = await acme.meter(customer, before)
        moved = {"resident_id": after, "from": "2026-05-21T00:00:00Z"}
        await acme.call("PUT", f"/devices/{meter}/placement", moved)
        await acme.read_daily(meter, "2026-04-30", 16)
        await acme.close("2026-05")
        (may,) = await acme.invoices(resident_id=before)
        assert (may["net"], may["lines"][0]["meter"]["last"]) == ("30.00", "115"), "up to the last reading"
        acme.clock.us = us("2026-07-02T00:00:00")
        await acme.read(meter, ("2026-05-31T12:00:00", 147.0), ("2026-06-30T12:00:00", 177.0), ("2026-07-01T12:00:00", 178.0))
        await acme.close("2026-06")
        (june, _) = await acme.invoices(resident_id=before)
        assert corrections(june) == [(may["number"], "2026-05", "11", "22.00")], "two a day until the move"
        amounts = [Decimal(line["quantity"]) for one in await acme.invoices() for line in one["lines"]]
        assert sum(amounts) == 77


async def test_a_value_within_a_gap_corrects_the_periods_on_both_sides_of_it(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-07-20T00:00:00") as acme:
        (_, closed), (_, edited), (_, running) = [await account(acme) for _ in range(3)]
        for meter, days in ((closed, 20), (edited, 20), (running, 57)):
            await acme.read_daily(meter, "2026-04-30", days)
            begin, start = ("2026-07-08", 165.0) if meter == running else ("2026-06-09", 140.0)
            await acme.read_daily(meter, begin, 12, start=start)
        await acme.close("2026-05")
        await acme.close("2026-06")
        acme.clock.us = us("2026-08-02T00:00:00")
        for meter in (closed, edited, running):
            await acme.read(meter, ("2026-07-31T12:00:00", 200.0))
        await acme.read(closed, ("2026-06-03T12:00:00", 122.0))
        body = {"kind": "add", "time": "2026-06-03T12:00:00Z", "value": 122, "reason": "Read on site"}
        await acme.call("POST", f"/devices/{edited}/meter/edits", body)
        await acme.read(running, ("2026-07-05T12:00:00", 158.0))
        await acme.close("2026-07")
        billed: dict[str, Decimal] = defaultdict(Decimal)
        for line in [line for one in await acme.invoices() for line in one["lines"]]:
            billed[line["meter"]["device_id"]] += Decimal(line["quantity"])
        # Nothing is billed on both sides, whatever was interpolated over the gap when each period was closed.
        assert billed == {closed: 100, edited: 100, running: 100}
