"""Fields of decoded values become sensors: those that are new, and not more than a device can have."""

from __future__ import annotations

import pytest

from penstock.core.redecodes import sensors
from penstock.core.redecodes.sensors import NewSensors
from penstock.core.sensor import ValueType
from penstock.kit.ids import DeviceId, IdSource
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

TEN, ELEVEN = DeviceId(10), DeviceId(11)


async def keys(shelf: Shelf, device_id: DeviceId) -> dict[str, ValueType]:
    async with shelf.own() as tx:
        return {one.key: one.value_type for one in await tx.sensors.list(device_id, 99, "")}


async def test_new_fields_are_listed_once_with_their_types(shelf: Shelf) -> None:
    await shelf.add_device(10)
    await shelf.add_device(11)
    clock = HeldClock()
    found = NewSensors(IdSource(clock.now_us), clock)
    for _ in range(2):
        async with shelf.own() as tx:
            await found.add(
                tx, [(TEN, {"v": 1, "leak": {"now": True}}), (TEN, {"v": 2, "": 3, "x" * 201: 4}), (ELEVEN, {"w": "on"})]
            )
    assert await keys(shelf, TEN) == {"v": ValueType.INTEGER, "leak.now": ValueType.BOOLEAN}
    assert await keys(shelf, ELEVEN) == {"w": ValueType.STRING}


async def test_what_was_deleted_or_rolled_back_is_added_once_it_is_forgotten(shelf: Shelf) -> None:
    await shelf.add_device(10)
    clock = HeldClock()
    found = NewSensors(IdSource(clock.now_us), clock)
    for forgets, listed in ((False, {"v"}), (False, set()), (True, {"v"})):
        if forgets:
            found.forget()
        async with shelf.own() as tx:
            await found.add(tx, [(TEN, {"v": 1})])
        assert set(await keys(shelf, TEN)) == listed
        async with shelf.own() as tx:
            await tx.sensors.delete(TEN, "v")


async def test_a_device_has_a_limit_of_sensors(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensors, "MAX_SENSORS_PER_DEVICE", 2)
    await shelf.add_device(10)
    clock = HeldClock()
    async with shelf.own() as tx:
        await NewSensors(IdSource(clock.now_us), clock).add(tx, [(TEN, {"a": 1, "b": 2, "c": 3})])
    assert set(await keys(shelf, TEN)) == {"a", "b"}
