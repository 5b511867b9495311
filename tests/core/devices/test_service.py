"""Devices from their making to their end: each use case is one change, with its event and its entry in the audit log."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.devices.errors import DeviceLimitReached, DeviceNotFound, IdentifierTaken
from penstock.core.devices.models import (
    DeviceFilter,
    DevicePatch,
    DeviceStatus,
    Identifier,
    IdentifierKind,
    NewDevice,
)
from penstock.core.devices.service import MAX_IDENTIFIERS
from penstock.core.idempotency import IdempotencyKey
from penstock.core.profiles.errors import ProfileNotFound
from penstock.core.profiles.models import NewProfile
from penstock.core.sensor import NewSensor, ValueType
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput
from tests.core.devices.conftest import Bench

EUI = Identifier(kind=IdentifierKind.EUI, value="70-B3-D5-7E-D0-06-1F-2A")
TOO_MANY = [Identifier(kind=IdentifierKind.EXTERNAL, value=f"{n}") for n in range(MAX_IDENTIFIERS + 1)]
ONCE = IdempotencyKey(key="first", fingerprint=b"a body")


async def names(bench: Bench, actor: Actor, project_id: int | None = None) -> list[str]:
    wanted = DeviceFilter(project_id=project_id)
    return [device.name for device in (await bench.devices.list(actor, wanted, 100, None)).items]


async def licensed(bench: Bench, project_id: int) -> list[int | None]:
    async with bench.control.database.snapshot(bench.actor.org_id) as tx:
        return [one.device_id for one in await tx.licenses.list(project_id, 100, "")]


async def test_a_new_device_has_a_project_a_licence_its_sensors_and_a_token(bench: Bench) -> None:
    sensors = [NewSensor(key="t", unit="°C"), NewSensor(key="open", name="Valve", value_type=ValueType.BOOLEAN)]
    made = await bench.devices.create(bench.actor, NewDevice(name="pump", identifiers=[EUI], sensors=sensors))
    device = await bench.devices.get(bench.actor, made.device.id)
    assert device == made.device
    assert device.identifiers == [Identifier(kind=IdentifierKind.EUI, value="70b3d57ed0061f2a")]
    assert made.access_token.startswith(device.token_prefix)
    assert await licensed(bench, device.project_id) == [device.id]
    declared = (await bench.sensors.list(bench.actor, device.id, 10, None)).items
    assert [(one.key, one.name, one.declared) for one in declared] == [("open", "Valve", True), ("t", "t", True)]
    found = await bench.directory.find_by_token(made.access_token.encode())
    assert found == device.ref()
    assert await bench.topics() == ["device.created"]
    assert await bench.acts() == ["device.create"]


@pytest.mark.parametrize(
    "wanted",
    [
        NewDevice(name="two", sensors=[NewSensor(key="t"), NewSensor(key="t")]),
        NewDevice(name="two", identifiers=[EUI, EUI]),
        NewDevice(
            name="two", identifiers=[Identifier(kind=IdentifierKind.EXTERNAL, value=f"{n}") for n in range(MAX_IDENTIFIERS + 1)]
        ),
        NewDevice(name="two", identifiers=[Identifier(kind=IdentifierKind.EUI, value="pump")]),
    ],
    ids=["sensor twice", "identifier twice", "too many identifiers", "no EUI"],
)
async def test_a_device_that_is_refused_leaves_nothing_behind(bench: Bench, wanted: NewDevice) -> None:
    with pytest.raises(InvalidInput):
        await bench.devices.create(bench.actor, wanted)
    assert await names(bench, bench.actor) == []
    assert (await bench.topics(), await bench.acts()) == ([], [])


async def test_an_identifier_belongs_to_one_device_of_an_organisation(bench: Bench) -> None:
    await bench.make(NewDevice(name="pump", identifiers=[EUI]))
    with pytest.raises(IdentifierTaken):
        await bench.make(NewDevice(name="again", identifiers=[msgspec.structs.replace(EUI, value="70b3d57ed0061f2a")]))
    theirs = await bench.devices.create(bench.stranger, NewDevice(name="theirs", identifiers=[EUI]))
    assert (await bench.devices.get_by_identifier(bench.actor, EUI)).name == "pump"
    assert (await bench.devices.get_by_identifier(bench.stranger, EUI)) == theirs.device


async def test_devices_made_at_once_do_not_pass_the_plans_limit(bench: Bench) -> None:
    await bench.put_on("small")
    results = await asyncio.gather(*(bench.make(NewDevice(name=f"d{n}")) for n in range(5)), return_exceptions=True)
    refused = [one for one in results if isinstance(one, BaseException)]
    assert len(refused) == 3
    assert all(isinstance(one, DeviceLimitReached) for one in refused)
    assert len(await names(bench, bench.actor)) == 2


async def test_a_device_takes_over_from_its_profile_what_it_does_not_say_itself(bench: Bench) -> None:
    wanted = NewProfile(name="Valve 3", expected_interval_us=60 * SECOND_US, sensors=[NewSensor(key="t", unit="°C")])
    profile = await bench.profiles.create(bench.actor, wanted)
    plain = await bench.make(NewDevice(name="plain", profile_id=profile.id))
    assert (plain.profile_id, plain.expected_interval_us) == (profile.id, 60 * SECOND_US)
    own = NewDevice(name="own", profile_id=profile.id, expected_interval_us=5, sensors=[NewSensor(key="t", unit="K")])
    device = await bench.make(own)
    assert device.expected_interval_us == 5
    assert (await bench.sensors.get(bench.actor, device.id, "t")).unit == "K"
    assert (await bench.sensors.get(bench.actor, plain.id, "t")).unit == "°C"
    with pytest.raises(ProfileNotFound):
        await bench.devices.create(bench.stranger, NewDevice(name="theirs", profile_id=profile.id))


async def test_a_patch_changes_what_it_holds_and_clears_what_is_none(bench: Bench) -> None:
    device = await bench.make(NewDevice(name="pump", description="in the cellar", labels={"floor": "0"}, expected_interval_us=7))
    bench.clock.us += SECOND_US
    changed = await bench.devices.update(bench.actor, device.id, DevicePatch(name="Pump 2", expected_interval_us=None))
    expected = msgspec.structs.replace(device, name="Pump 2", expected_interval_us=None, updated_us=bench.clock.us)
    assert changed == expected == await bench.devices.get(bench.actor, device.id)
    assert await bench.topics() == ["device.created", "device.updated"]


async def test_a_label_is_set_beside_the_others_and_once_per_key(bench: Bench) -> None:
    device = await bench.make(NewDevice(name="pump", labels={"floor": "0"}))
    await bench.devices.set_label(bench.actor, device.id, "state", "hot", ONCE)
    await bench.devices.set_label(bench.actor, device.id, "state", "cold", ONCE)
    assert (await bench.devices.get(bench.actor, device.id)).labels == {"floor": "0", "state": "hot"}
    later = msgspec.structs.replace(ONCE, key="second")
    await bench.devices.set_label(bench.actor, device.id, "state", "hot", later)
    assert (await bench.topics()).count("device.updated") == 1, "the same value again is no change"


async def test_pausing_is_seen_at_once_and_resuming_needs_room(bench: Bench) -> None:
    device = await bench.make()
    await bench.directory.get(bench.actor.org_id, device.id)
    await bench.devices.set_status(bench.actor, device.id, DeviceStatus.PAUSED)
    assert (await bench.directory.get(bench.actor.org_id, device.id)).status is DeviceStatus.PAUSED
    await bench.devices.set_status(bench.actor, device.id, DeviceStatus.PAUSED)
    assert await bench.acts() == ["device.create", "device.pause"], "pausing again is no act"
    for name in ("b", "c"):
        await bench.make(NewDevice(name=name))
    await bench.put_on("small")
    with pytest.raises(DeviceLimitReached):
        await bench.devices.set_status(bench.actor, device.id, DeviceStatus.ACTIVE)
    assert (await bench.devices.get(bench.actor, device.id)).status is DeviceStatus.PAUSED


async def test_the_old_token_is_dead_when_the_new_one_is_told(bench: Bench) -> None:
    made = await bench.devices.create(bench.actor, NewDevice(name="pump"))
    assert await bench.directory.find_by_token(made.access_token.encode()) is not None
    renewed = await bench.devices.regenerate_token(bench.actor, made.device.id)
    assert renewed.access_token != made.access_token
    assert await bench.directory.find_by_token(made.access_token.encode()) is None
    assert await bench.directory.find_by_token(renewed.access_token.encode()) == made.device.ref()
    assert (await bench.devices.get(bench.actor, made.device.id)).token_prefix == renewed.device.token_prefix


async def test_a_deleted_device_is_gone_everywhere_and_its_names_are_free(bench: Bench) -> None:
    made = await bench.devices.create(bench.actor, NewDevice(name="pump", identifiers=[EUI]))
    await bench.directory.get(bench.actor.org_id, made.device.id)
    await bench.devices.delete(bench.actor, made.device.id)
    with pytest.raises(DeviceNotFound):
        await bench.directory.get(bench.actor.org_id, made.device.id)
    with pytest.raises(DeviceNotFound):
        await bench.devices.delete(bench.actor, made.device.id)
    assert await bench.directory.find_by_token(made.access_token.encode()) is None
    assert (await bench.make(NewDevice(name="next", identifiers=[EUI]))).name == "next"
    assert await licensed(bench, made.device.project_id) != [None], "the free licence is used again"
    assert await bench.topics() == ["device.created", "device.deleted", "device.created"]


async def test_another_organisations_devices_do_not_exist(bench: Bench) -> None:
    device = await bench.make(NewDevice(name="pump", identifiers=[EUI]))
    for refused in (
        bench.devices.get(bench.stranger, device.id),
        bench.devices.get_by_identifier(bench.stranger, EUI),
        bench.devices.update(bench.stranger, device.id, DevicePatch(name="mine")),
        bench.devices.set_status(bench.stranger, device.id, DeviceStatus.PAUSED),
        bench.devices.set_label(bench.stranger, device.id, "a", "b", ONCE),
        bench.devices.regenerate_token(bench.stranger, device.id),
        bench.devices.delete(bench.stranger, device.id),
    ):
        with pytest.raises(DeviceNotFound):
            await refused
    assert await names(bench, bench.stranger) == []
    assert await bench.devices.get(bench.actor, device.id) == device


async def test_a_key_of_a_project_lists_and_makes_devices_there_alone(bench: Bench) -> None:
    project = await bench.control.tenancy.create_project(bench.actor, "North")
    bound = Actor(org_id=bench.actor.org_id, kind=ActorKind.KEY, id=1, project_id=project.id)
    south = await bench.make(NewDevice(name="south", identifiers=[EUI]))
    made = await bench.devices.create(bound, NewDevice(name="north"))
    assert made.device.project_id == project.id
    assert await names(bench, bound) == ["north"]
    assert await names(bench, bound, south.project_id) == []
    assert await bench.devices.page(bound, DeviceFilter(), 10, 0) == ([made.device], 1)
    with pytest.raises(ProjectNotFound):
        await bench.devices.create(bound, NewDevice(name="there", project_id=south.project_id))
    with pytest.raises(DeviceNotFound):
        await bench.devices.get_by_identifier(bound, EUI)


async def test_pages_go_on_where_the_one_before_ended(bench: Bench) -> None:
    for number in range(5):
        await bench.make(NewDevice(name=f"d{number}"))
    found, cursor = [], None
    while True:
        page = await bench.devices.list(bench.actor, DeviceFilter(), 2, cursor)
        found += [device.name for device in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == ["d4", "d3", "d2", "d1", "d0"]
