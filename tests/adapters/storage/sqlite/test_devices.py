"""The devices of a resident are read with all that is known of them, as everywhere."""

from __future__ import annotations

from pathlib import Path

from penstock.core.customers.models import Customer, Placement, Resident
from penstock.core.customers.periods import Period
from penstock.core.devices.models import DeviceFilter, DeviceSort, NewDevice
from penstock.core.profiles.models import Profile
from tests.support.commands import Site, open_site
from tests.support.shelf import Shelf


async def profile_of(site: Site, project_id: int) -> int:
    profile = Profile(
        id=71,
        project_id=project_id,
        name="Water meter",
        device_type="",
        model="",
        description="",
        expected_interval_us=None,
        sensors=[],
        codec_id=None,
        created_us=1,
        updated_us=1,
    )
    async with site.server.database.transaction(site.actor.org_id) as tx:
        await tx.profiles.create(profile)
    return profile.id


async def test_each_order_and_the_count_are_of_ones_own_devices(shelf: Shelf) -> None:
    for number, org_id in ((11, shelf.other), (12, shelf.acme), (13, shelf.other)):
        await shelf.add_device(number, org_id=org_id)
    async with shelf.own() as tx:
        for sort in DeviceSort:
            assert [one.id for one in await tx.devices.list(DeviceFilter(), 10, None, sort)] == [12], sort
        assert await tx.devices.count(DeviceFilter()) == 1


async def test_a_device_of_a_resident_has_its_profile(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        plain = (await site.server.devices.create(site.actor, NewDevice(name="Flat 11"))).device
        profile_id = await profile_of(site, plain.project_id)
        wanted = NewDevice(name="Flat 12", profile_id=profile_id)
        device_id = (await site.server.devices.create(site.actor, wanted)).device.id
        async with site.server.database.transaction(site.actor.org_id) as tx:
            await tx.customers.create(
                Customer(id=72, name="House", admin_email="a@b.example", tenant_name="house", created_us=1, updated_us=1)
            )
            await tx.residents.create(Resident(id=73, customer_id=72, name="Grace", email="g@b.example", created_us=1))
            await tx.placements.set(device_id, Placement(customer_id=72, resident_id=73))
            period = Period(device_id=device_id, customer_id=72, resident_id=73, from_us=5)
            await tx.placements.replace_periods(device_id, [period])
        async with site.server.database.snapshot(site.actor.org_id) as tx:
            (placed,) = await tx.placements.of_resident(73, 10, 0)
            assert placed.device == await tx.devices.find(device_id)
            assert placed.device.profile_id == profile_id
