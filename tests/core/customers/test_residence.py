"""Residents who sign in: their devices and nobody else's, until their access ends."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor
from penstock.core.audit.models import AuditFilter
from penstock.core.audit.trail import AuditTrail
from penstock.core.customers.models import Placement
from penstock.core.customers.periods import Period
from penstock.core.customers.residence import ResidenceService, end_access
from penstock.core.people.models import Role, User
from penstock.kit.ids import CustomerId, DeviceId, ResidentId, UserId
from tests.adapters.storage.sqlite.test_customers import customer, resident
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

GRACE, HOUSE = ResidentId(1), CustomerId(72)


async def move_in(shelf: Shelf, *numbers: int) -> None:
    """Grace, who lives at a customer's, has these devices."""
    async with shelf.own() as tx:
        await tx.customers.create(customer(72))
        await tx.residents.create(resident(1, 72))
    for number in numbers:
        device_id = await shelf.add_device(number)
        async with shelf.own() as tx:
            await tx.placements.set(device_id, Placement(customer_id=HOUSE, resident_id=GRACE))
            period = Period(device_id=device_id, customer_id=HOUSE, resident_id=GRACE, from_us=5)
            await tx.placements.replace_periods(device_id, [period])


def signed_in(shelf: Shelf, resident_id: ResidentId | None) -> Actor:
    return msgspec.structs.replace(Actor.system(shelf.acme), resident_id=resident_id)


async def test_devices_come_page_by_page(shelf: Shelf) -> None:
    await move_in(shelf, 10, 11, 12)
    await shelf.add_device(13)
    residence, actor = ResidenceService(shelf.database), signed_in(shelf, GRACE)
    first = await residence.devices(actor, 2, None)
    rest = await residence.devices(actor, 2, first.next_cursor)
    assert [one.device.id for one in (*first.items, *rest.items)] == [10, 11, 12]


@pytest.mark.parametrize("resident_id", [None, ResidentId(0), ResidentId(2)])
async def test_whoever_is_no_resident_has_none(resident_id: ResidentId | None, shelf: Shelf) -> None:
    await move_in(shelf, 10)
    assert (await ResidenceService(shelf.database).devices(signed_in(shelf, resident_id), 10, None)).items == []
    stranger = msgspec.structs.replace(Actor.system(shelf.other), resident_id=GRACE)
    assert (await ResidenceService(shelf.database).devices(stranger, 10, None)).items == []


async def test_access_ends_for_everybody_who_signs_in_as_the_resident(shelf: Shelf) -> None:
    await move_in(shelf, DeviceId(10))
    async with shelf.system() as system:
        for number in (50, 51):
            await system.users.create(
                User(id=UserId(number), email=f"u{number}@example.org", name="", password_hash="", created_us=1)
            )
    async with shelf.own() as tx:
        await tx.members.create(UserId(50), Role.RESIDENT, 1, GRACE)
        await tx.members.create(UserId(51), Role.RESIDENT, 1, None)
    async with shelf.own() as tx:
        assert await end_access(tx, AuditTrail(HeldClock()), Actor.system(shelf.acme), GRACE, 9) == [50]
        assert await end_access(tx, AuditTrail(HeldClock()), Actor.system(shelf.acme), GRACE, 9) == []
        assert await tx.members.find(UserId(50)) is None
        assert await tx.members.find(UserId(51)) is not None
        assert [entry.action for entry in await tx.audit.newest(AuditFilter(), 10)] == ["org.user.remove"]
