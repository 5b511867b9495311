"""Readings of devices that wait to be registered: only the newest are kept, of each organisation by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.connection import statements
from penstock.core.uplinks.store import KeptReading, UnregisteredDevice
from penstock.kit.ids import CustomerId
from tests.adapters.storage.sqlite.test_customers import customer
from tests.security.breaking import without_bond
from tests.support.commands import Site, open_site
from tests.support.shelf import Shelf

EUI = "70b3d57ed0070001"
KEPT = 2
TRIM = "trim_unregistered_readings"


async def left(site: Site) -> list[int]:
    """How many readings are left of each of two organisations' device of one EUI, which they heard in turns."""
    both = [(await site.server.tenancy.bootstrap(name, f"{name}@example.org")).organization.id for name in ("one", "two")]
    device = UnregisteredDevice(
        eui=EUI, customer_id=None, device_name=None, tenant_name=None, network="x", first_seen_us=1, last_seen_us=1
    )
    found = []
    for org_id, times in ((both[0], 2), (both[1], 2), (both[0], 2), (both[1], 1), (both[1], 5)):
        for _ in range(times):
            async with site.server.database.transaction(org_id) as tx:
                reading = KeptReading(time_us=1, received_us=1, payload=b"{}", dedupe_key=None)
                await tx.unregistered.keep(device, reading, KEPT)
        async with site.server.database.snapshot(org_id) as tx:
            found.append(len(await tx.unregistered.readings(EUI, 100)))
    async with site.server.database.snapshot(both[0]) as tx:
        return [*found, len(await tx.unregistered.readings(EUI, 100))]


async def test_an_organisation_that_hears_more_takes_nothing_from_another(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        assert set(await left(site)) == {KEPT}


@pytest.mark.parametrize("number", [0, 1])
async def test_a_lost_bond_would_be_noticed(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(statements(), TRIM, without_bond(statements()[TRIM], number))
    async with open_site(tmp_path, run_workers=False) as site:
        assert set(await left(site)) != {KEPT}


async def test_the_devices_of_a_tenant_are_routed_in_their_own_organisation(shelf: Shelf) -> None:
    waiting = UnregisteredDevice(
        eui=EUI, customer_id=None, device_name=None, tenant_name="house", network="x", first_seen_us=1, last_seen_us=1
    )
    reading = KeptReading(time_us=1, received_us=1, payload=b"{}", dedupe_key=None)
    for opened in (shelf.own, shelf.strange):
        async with opened() as tx:
            await tx.unregistered.keep(waiting, reading, KEPT)
    async with shelf.own() as tx:
        await tx.customers.create(customer(72, "house"))
        await tx.unregistered.route("House", CustomerId(72))
        assert [one.eui for one in await tx.unregistered.list(CustomerId(72), 9, "")] == []
        await tx.unregistered.route("house", CustomerId(72))
        assert [one.eui for one in await tx.unregistered.list(CustomerId(72), 9, "")] == [EUI]
    async with shelf.strange() as tx:
        (theirs,) = await tx.unregistered.list(None, 9, "")
        assert theirs.customer_id is None
