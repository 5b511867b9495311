"""kill -9 while a period is closed: every invoice is issued once, and no number is missing."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import httpx
import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.core.actor import Actor
from penstock.core.customers.models import NewCustomer, NewResident
from penstock.core.devices.models import NewDevice
from penstock.core.invoices.setup import InvoiceTarget, Invoicing
from penstock.core.tariffs.models import Assignment, Charge, Prices
from penstock.kit.ids import OrgId, Prefix, decode
from penstock.settings import load_settings
from tests.support.server import Org, bootstrap_org, clean_environment, running_server
from tests.support.waiting import awaited

ACCOUNTS = 120
PERIOD = "2026-01"
MOVED_IN_US = 1_735_689_600_000_000
"""2025-01-01"""


def prepare(data_dir: Path, accounts: int) -> Org:
    """An organisation with a customer whose residents pay a standing charge for their meters."""
    org = bootstrap_org(data_dir)
    org_id = OrgId(decode(Prefix.ORGANIZATION, org.organization_id) or 0)

    async def fill() -> None:
        settings = load_settings(environment=clean_environment())
        async with open_server(DataDir(data_dir), settings, run_workers=False) as server:
            parts, actor = server.parts, Actor.system(org_id)
            customers, place = parts.customers.service, parts.customers.placements.place
            house = await customers.create(actor, NewCustomer(name="House", admin_email="a@example.org", tenant_name="house"))
            await parts.invoices.invoicing.set(actor, house.id, Invoicing(target=InvoiceTarget.RESIDENTS))
            prices = Prices(begin=datetime(2020, 1, 1, tzinfo=UTC).date(), standing=(Charge(amount=Decimal(6)),))
            tariff = await parts.invoices.tariffs.create(actor, "Water", "EUR", prices)
            assigned = [Assignment(customer_id=house.id, tariff_id=tariff.id)]
            await parts.invoices.tariffs.assign(actor, house.id, None, assigned)
            for at in range(accounts):
                person = await customers.create_resident(actor, house.id, NewResident(name=f"{at}", email=f"{at}@example.org"))
                meter = (await server.devices.create(actor, NewDevice(name=f"Meter {at}"))).device.id
                await place(actor, meter, None, person.id, MOVED_IN_US)

    with ThreadPoolExecutor(1) as apart:  # from the event loop of an asynchronous test
        apart.submit(asyncio.run, fill()).result()
    return org


def closed_with_kills(data_dir: Path, accounts: int, kills: int) -> None:
    org = prepare(data_dir, accounts)
    run, seen = "", 0
    for _ in range(kills):
        with running_server(data_dir, orgs=()) as server, server.client(org) as client:
            run = run or client.post("/api/v2/invoice-runs", json={"period": PERIOD}).raise_for_status().json()["id"]
            seen = awaited(partial(progress, client, run, seen), what="a group")
            server.kill()
    with running_server(data_dir, orgs=()) as server, server.client(org) as client:
        done = awaited(lambda: finished(client, run), what="the end")
        assert (done["total"], done["issued"], done["skipped"], done["failed"]) == (accounts, accounts, 0, 0)
        invoices = client.get("/api/v2/invoices", params={"limit": "1000"}).json()["data"]
    year = datetime.now(UTC).year
    assert [one["number"] for one in reversed(invoices)] == [f"{year}-{at:06d}" for at in range(1, accounts + 1)]
    assert len({one["resident_id"] for one in invoices}) == accounts
    assert {one["gross"] for one in invoices} == {"6.00"}


def progress(client: httpx.Client, run: str, more_than: int) -> int | None:
    issued = int(client.get(f"/api/v2/invoice-runs/{run}").json()["issued"])
    return issued if issued > more_than else None


def finished(client: httpx.Client, run: str) -> dict[str, int] | None:
    found = client.get(f"/api/v2/invoice-runs/{run}").json()
    return found if found["state"] == "done" else None


def test_a_kill_neither_loses_nor_repeats_an_invoice(tmp_path: Path) -> None:
    closed_with_kills(tmp_path / "data", ACCOUNTS, kills=1)


@pytest.mark.prove
def test_nor_do_many(tmp_path: Path) -> None:
    closed_with_kills(tmp_path / "data", 7 * ACCOUNTS, kills=5)
