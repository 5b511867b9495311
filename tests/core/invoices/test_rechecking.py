"""What was wrong on an invoice is corrected on the next one, once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from penstock.kit.ids import Prefix, decode
from tests.core.invoices.billed import WATER, Utility, us, utility

CHANGE = "INSERT INTO consumption_changes (org_id, device_id, from_us, reason, at_us) VALUES (?, ?, ?, ?, ?)"
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


async def test_changes_that_people_make_are_corrected(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        customer, meter = await account(acme)
        await acme.read_daily(meter, "2026-04-30", 32)
        await acme.close("2026-05")
        acme.clock.us = us("2026-07-02T00:00:00")
        await acme.read_daily(meter, "2026-06-01", 30, start=132.0)
        other = await acme.meter(customer, name="Forgotten")
        await acme.read(other, ("2026-04-30T12:00:00", 0.0), ("2026-05-31T12:00:00", 3.0), ("2026-06-30T12:00:00", 3.0))
        async with acme.server.database.transaction(acme.org_id) as tx:
            # As a change of a placement in the past does.
            rows = [
                (acme.org_id, decode(Prefix.DEVICE, one), us("2026-05-01T00:00:00"), "placement", 0) for one in (meter, other)
            ]
            await tx.session.call(lambda connection: connection.executemany(CHANGE, rows))
        await acme.close("2026-06")
        june = (await acme.invoices())[0]
        assert corrections(june) == [("2026-000001", "2026-05", "3", "6.00")]
        assert "placement" in next(one["reason"] for one in june["lines"] if one["kind"] == "correction")
