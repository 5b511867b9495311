"""The directory answers from memory and never longer than a device is as it was."""

from __future__ import annotations

import asyncio

import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.customers.models import Customer, Placement, Resident
from penstock.core.customers.periods import Period
from penstock.core.devices import directory as module
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import DevicePatch, DeviceStatus, Identifier, IdentifierKind, NewDevice
from penstock.kit.secret import new_credential
from tests.core.devices.conftest import Bench

EUI = "70b3d57ed0061f2a"
NAMED = NewDevice(name="pump", identifiers=[Identifier(kind=IdentifierKind.EUI, value=EUI)])


async def test_a_device_is_known_after_it_was_asked_for_and_to_its_organisation_alone(bench: Bench) -> None:
    device, own, theirs = await bench.make(), bench.actor.org_id, bench.stranger.org_id
    assert bench.directory.known(own, device.id) is None
    assert await bench.directory.get(own, device.id) == device.ref()
    assert bench.directory.known(own, device.id) == device.ref()
    assert bench.directory.known(theirs, device.id) is None
    with pytest.raises(DeviceNotFound):
        await bench.directory.get(theirs, device.id)


async def test_every_memory_of_a_device_is_dropped_together(bench: Bench) -> None:
    made = await bench.devices.create(bench.actor, NAMED)
    token, own = made.access_token.encode(), bench.actor.org_id
    dropped: list[int] = []
    bench.directory.subscribe(dropped.append)
    await bench.directory.find_by_eui(own, EUI)
    await bench.directory.find_by_token(token)
    assert bench.directory.find_cached_by_eui(own, EUI) == bench.directory.find_cached_by_token(token) == made.device.ref()
    bench.directory.drop(made.device.id)
    assert bench.directory.known(own, made.device.id) is None
    assert bench.directory.find_cached_by_eui(own, EUI) is None
    assert bench.directory.find_cached_by_token(token) is None
    assert dropped == [made.device.id]


async def test_an_answer_that_a_change_overtook_is_not_kept(bench: Bench) -> None:
    device, own = await bench.make(NAMED), bench.actor.org_id
    looked_up = asyncio.create_task(bench.directory.get(own, device.id))
    by_eui = asyncio.create_task(bench.directory.find_by_eui(own, EUI))
    await asyncio.sleep(0)  # both have begun
    bench.directory.drop(device.id)
    assert await looked_up == await by_eui == device.ref()
    assert bench.directory.known(own, device.id) is None
    assert bench.directory.find_cached_by_eui(own, EUI) is None


async def test_an_unknown_token_is_looked_up_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    token = new_credential(module.TOKEN_PREFIX).encode()
    assert await bench.directory.find_by_token(token) is None

    def no_more() -> None:
        raise AssertionError("it was looked up again")

    monkeypatch.setattr(bench.control.database, "system_snapshot", no_more)
    assert await bench.directory.find_by_token(token) is None
    assert await bench.directory.find_by_token(b"tok_malformed") is None, "what cannot be a token is not looked up at all"


async def test_that_nobody_has_an_eui_is_not_remembered(bench: Bench) -> None:
    assert await bench.directory.find_by_eui(bench.actor.org_id, EUI) is None
    device = await bench.make(NAMED)
    assert await bench.directory.find_by_eui(bench.actor.org_id, EUI) == device.ref()
    assert await bench.directory.find_by_eui(bench.stranger.org_id, EUI) is None


async def test_memory_is_bounded(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KNOWN", 2)
    devices = [await bench.make(NewDevice(name=f"d{n}")) for n in range(3)]
    for device in devices:
        await bench.directory.get(bench.actor.org_id, device.id)
    known = [bench.directory.known(bench.actor.org_id, device.id) is not None for device in devices]
    assert known == [False, False, True]
    assert await bench.directory.get(bench.actor.org_id, devices[0].id) == devices[0].ref()


async def test_a_name_is_found_in_any_spelling_unless_two_devices_have_it(bench: Bench) -> None:
    device, own = await bench.make(NAMED), bench.actor.org_id
    assert await bench.directory.get_by_name(own, "70-B3-D5-7E-D0-06-1F-2A") == device.ref()
    serial = [Identifier(kind=IdentifierKind.SERIAL, value=EUI)]
    await bench.make(NewDevice(name="twin", identifiers=serial))
    for name in (EUI, "nobody"):
        with pytest.raises(DeviceNotFound):
            await bench.directory.get_by_name(own, name)


async def test_a_change_is_seen_by_the_next_look_up(bench: Bench) -> None:
    device, own = await bench.make(NAMED), bench.actor.org_id
    await bench.directory.find_by_eui(own, EUI)
    await bench.devices.set_status(bench.actor, device.id, DeviceStatus.PAUSED)
    found = await bench.directory.find_by_eui(own, EUI)
    assert found is not None
    assert found.status is DeviceStatus.PAUSED
    await bench.devices.update(bench.actor, device.id, DevicePatch(identifiers=[]))
    assert await bench.directory.find_by_eui(own, EUI) is None


async def test_a_project_and_a_resident_bound_whom_one_reaches(bench: Bench) -> None:
    device, other, own = await bench.make(), await bench.make(), bench.actor.org_id
    async with bench.control.database.transaction(own) as tx:
        customer = Customer(id=1, name="Elm Street", admin_email="", tenant_name="elm", created_us=0, updated_us=0)
        await tx.customers.create(customer)
        await tx.residents.create(Resident(id=2, customer_id=1, name="Ada", email="ada@example.org", created_us=0))
        await tx.placements.set(device.id, Placement(customer_id=1, resident_id=2))
        period = Period(device_id=device.id, customer_id=1, resident_id=2, from_us=7)
        await tx.placements.replace_periods(device.id, [period])
    resident = Actor(org_id=own, kind=ActorKind.USER, id=3, resident_id=2)
    assert await bench.directory.reach(resident, device.id) == device.ref()
    assert (await bench.directory.bounded(resident, device.id)).sees_from_us == 7
    bound = Actor(org_id=own, kind=ActorKind.KEY, id=4, project_id=device.project_id)
    assert await bench.directory.reach(bound, other.id) == other.ref()
    for actor, wanted in (
        (resident, other.id),
        (Actor(org_id=own, kind=ActorKind.KEY, id=5, project_id=device.project_id + 1), device.id),
        (bench.stranger, device.id),
    ):
        with pytest.raises(DeviceNotFound):
            await bench.directory.reach(actor, wanted)
