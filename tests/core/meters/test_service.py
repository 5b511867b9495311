"""What customers used: of the meters that were theirs at the time, in one unit, whatever happened to the meters since."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from penstock.core.actor import ActorKind
from penstock.core.meters.windows import ConsumptionQuery
from penstock.core.registers.models import NANO
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import DAY_US, HOUR_US
from tests.api.v2.meters.test_routes import consumption, device
from tests.core.meters import sites
from tests.core.meters.sites import add_customer, add_meter, add_resident
from tests.support.commands import open_site
from tests.support.days import NOON_US

MONTHS = {"from": "2026-04-01T00:00:00Z", "to": "2026-06-30T00:00:00Z", "bucket": "month", "estimate": "false"}
MOVED_AT = "2026-05-16T00:00:00Z"
Customer = Callable[[], str]


@pytest.fixture
def customer(api: httpx.Client) -> Customer:
    def make() -> str:
        body = {"name": "House", "admin_email": "ada@example.org", "tenant_name": f"t-{secrets.token_hex(6)}"}
        return str(api.post("/api/v2/customers", json=body).raise_for_status().json()["id"])

    return make


def place(api: httpx.Client, device_id: str, **body: Any) -> None:
    api.put(f"/api/v2/devices/{device_id}/placement", json=body).raise_for_status()


def of_customer(api: httpx.Client, customer_id: str, **query: str) -> dict[str, Any]:
    answer = api.get(f"/api/v2/customers/{customer_id}/consumption", params=MONTHS | query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def months(found: dict[str, Any]) -> list[float | None]:
    return [row["consumption"] for row in found["data"]]


def daily(step: float) -> list[tuple[str, object]]:
    """Readings at each midnight from April to June."""
    days = [(month, day) for month, last in ((4, 30), (5, 31), (6, 30)) for day in range(1, last + 1)]
    return [(f"2026-{month:02}-{day:02}T00:00:00Z", round(number * step, 6)) for number, (month, day) in enumerate(days)]


def test_meters_of_different_units_are_added_in_the_base_unit(api: httpx.Client, customer: Customer) -> None:
    house = customer()
    for field, unit, step in (("m", "m3", 1), ("l", "L", 1000), ("f", "m3", 12_345.6 - 12_344.6), ("e", "MJ", 3.6)):
        made = device(api, ("2026-05-01T12:00:00Z", 0), ("2026-05-02T12:00:00Z", step), field=field)
        api.put(f"/api/v2/devices/{made}/meter", json={"field": field, "unit": unit}).raise_for_status()
        place(api, made, customer_id=house)
    main = device(api, ("2026-05-01T12:00:00Z", 0), ("2026-05-02T12:00:00Z", 3500), field="main")
    api.put(f"/api/v2/devices/{main}/meter", json={"field": "main", "unit": "L", "role": "principal"}).raise_for_status()
    place(api, main, customer_id=house)
    water, energy = of_customer(api, house), of_customer(api, house, kind="energy")
    assert (water["unit"], water["kind"], water["meters"], months(water)) == ("m3", "volume", 3, [None, 3, None])
    assert (energy["unit"], energy["meters"], months(energy)) == ("kWh", 1, [None, 1, None])
    balance = api.get(f"/api/v2/customers/{house}/balance", params={"from": MOVED_AT[:8] + "02T00:00:00Z", "to": MOVED_AT}).json()
    day = balance["data"][0]
    assert (balance["unit"], day["principal"], day["leaves"], day["unmetered"]) == ("m3", 3.5, 3, 0.5)
    rows = api.get(f"/api/v2/customers/{house}/consumption/devices", params=MONTHS).json()["data"]
    assert [(row["unit"], row["data"][1]["consumption"]) for row in rows] == [("m3", 1), ("L", 1000), ("m3", 1), ("L", 3500)]


def test_the_past_stays_with_whose_it_was(api: httpx.Client, customer: Customer) -> None:
    first, second = customer(), customer()
    made = device(api, *daily(0.1))
    place(api, made, customer_id=first)
    before = months(of_customer(api, first))
    assert before == [2.9, 3.1, 3]
    place(api, made, customer_id=second, **{"from": MOVED_AT})
    halves = months(of_customer(api, first)), months(of_customer(api, second))
    assert halves == ([2.9, 1.6, None], [None, 1.5, 3])
    assert months(of_customer(api, first, bucket="day"))[44:47] == [0.1, 0.1, None]
    (row,) = api.get(f"/api/v2/customers/{first}/consumption/devices", params=MONTHS).json()["data"]
    api.delete(f"/api/v2/devices/{made}").raise_for_status()
    assert (months(of_customer(api, first)), months(of_customer(api, second))) == halves
    (former,) = api.get(f"/api/v2/customers/{first}/consumption/devices", params=MONTHS).json()["data"]
    assert former == row
    assert (of_customer(api, first)["meters"], of_customer(api, second)["meters"]) == (1, 1)


def test_edits_and_registers_outlive_their_meter(api: httpx.Client, customer: Customer) -> None:
    house = customer()
    readings = [("2026-05-01T12:00:00Z", 1000), ("2026-05-02T12:00:00Z", 3000), ("2026-05-03T12:00:00Z", 4000.5)]
    made = device(api, *readings, field="l")
    api.put(f"/api/v2/devices/{made}/meter", json={"field": "l", "unit": "L"}).raise_for_status()
    place(api, made, customer_id=house)
    edit = {"kind": "correct", "time": "2026-05-03T12:00:00Z", "value": 5000.5, "reason": "read on site"}
    api.post(f"/api/v2/devices/{made}/meter/edits", json=edit).raise_for_status()
    assert consumption(api, made, bucket="month", estimate="false")["data"][0]["consumption"] == 4000.5
    api.delete(f"/api/v2/devices/{made}").raise_for_status()
    assert months(of_customer(api, house)) == [None, 4.0005, None]


async def test_a_resident_sees_what_flowed_since_they_moved_in(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        house = await add_customer(site)
        first, second = await add_resident(site, house), await add_resident(site, house)
        meter = await add_meter(site, [(NOON_US + hours * HOUR_US, 10 + hours) for hours in (0, 24, 48, 72)])
        moved_us = NOON_US + 30 * HOUR_US
        await sites.place(site, meter, house, first, NOON_US)
        await sites.place(site, meter, house, second, moved_us)
        resident = msgspec.structs.replace(site.actor, kind=ActorKind.USER, resident_id=second)
        bounded = await site.server.directory.bounded(resident, meter)
        span = TimeRange(from_us=NOON_US, to_us=NOON_US + 3 * DAY_US)
        query = ConsumptionQuery(range=span, estimate=False)
        found, scope = await site.server.parts.meters.service.of_device(bounded, meter, None, query)
        assert scope.range.effective.from_us == moved_us
        assert [one.amount for one in found.buckets] == [0, 18 * NANO, 24 * NANO], "six hours of the first step were another's"
        assert found.buckets[0].start_us < moved_us, "buckets are whole"
