"""Many devices: each is created or rejected by itself, in parts, and a repeated call continues where the first one ended."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from penstock.adapters.storage.sqlite.connection import StorageUnavailable
from penstock.core.actor import Actor
from penstock.core.devices import bulk
from penstock.core.devices.bulk import BulkCreation, Fault, Rejected
from penstock.core.devices.errors import DeviceLimitReached
from penstock.core.devices.models import CreatedDevice, DeviceFilter, Identifier, IdentifierKind, NewDevice
from penstock.core.devices.service import PreparedDevice
from penstock.core.devices.store import DeviceTransaction
from penstock.core.idempotency import IdempotencyKey, IdempotencyMismatch
from penstock.core.sensor import NewSensor
from tests.core.devices.conftest import Bench

KEY = IdempotencyKey(key="import 1", fingerprint=b"body")


def serial(value: str) -> list[Identifier]:
    return [Identifier(kind=IdentifierKind.SERIAL, value=value)]


def creation(bench: Bench) -> BulkCreation:
    return BulkCreation(bench.control.database, bench.devices, bench.clock)


async def total(bench: Bench) -> int:
    async with bench.control.database.snapshot(bench.actor.org_id) as tx:
        return await tx.devices.count(DeviceFilter())


async def test_each_row_is_judged_by_itself(bench: Bench) -> None:
    rows = [
        NewDevice(name="one", identifiers=serial("A")),
        Rejected(faults=[Fault("name", "invalid", "is required"), Fault("type", "invalid", "must be a string")]),
        NewDevice(name="two", identifiers=serial("A")),
        NewDevice(name="three", sensors=[NewSensor(key="t"), NewSensor(key="t")]),
        NewDevice(name="four", sensors=[NewSensor(key="t")]),
    ]
    found = await creation(bench).create(bench.actor, rows, None)
    assert [one.device.name if isinstance(one, CreatedDevice) else one.faults[0].code for one in found] == [
        "one",
        "invalid",
        "devices.identifier_taken",
        "duplicate",
        "four",
    ]
    assert await total(bench) == 2
    assert await bench.topics() == ["device.created"] * 2
    assert len({one.access_token for one in found if isinstance(one, CreatedDevice)}) == 2


async def test_the_plan_ends_within_a_call(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "DEVICES_PER_PART", 2)
    organization = await bench.plans.organization(bench.actor.org_id)
    small = type(bench.plans.named(organization.plan))(device_limit=3)
    bench.plans.plans = {**bench.plans.plans, organization.plan: small}
    rows = [NewDevice(name=str(number)) for number in range(5)]
    found = await creation(bench).create(bench.actor, rows, None)
    assert [isinstance(one, CreatedDevice) for one in found] == [True] * 3 + [False] * 2
    assert await total(bench) == 3
    with pytest.raises(DeviceLimitReached):
        await creation(bench).create(bench.actor, rows, None)


async def test_a_repeated_call_returns_what_was_created_and_continues(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "DEVICES_PER_PART", 2)
    rows = [NewDevice(name=str(number)) for number in range(5)]
    made: list[CreatedDevice] = []
    create = bench.devices.create_all

    async def fails_at_the_second_part(tx: DeviceTransaction, actor: Actor, prepared: Sequence[PreparedDevice]) -> None:
        if made:
            raise StorageUnavailable(reason="the disk is full")
        await create(tx, actor, prepared)
        made.extend(one.created for one in prepared)

    with monkeypatch.context() as patched:
        patched.setattr(bench.devices, "create_all", fails_at_the_second_part)
        with pytest.raises(StorageUnavailable):
            await creation(bench).create(bench.actor, rows, KEY)
    assert await total(bench) == 2, "a part is created whole or not at all"
    found = await creation(bench).create(bench.actor, rows, KEY)
    assert await creation(bench).create(bench.actor, rows, KEY) == found
    assert await total(bench) == 5
    assert [one.device.id for one in found[:2] if isinstance(one, CreatedDevice)] == [one.device.id for one in made]
    with pytest.raises(IdempotencyMismatch):
        await creation(bench).create(bench.actor, rows, IdempotencyKey(key=KEY.key, fingerprint=b"another"))
