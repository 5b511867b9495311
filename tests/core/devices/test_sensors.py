"""Sensors of a device: declared once, listed by key, gone for nobody but who may see the device."""

from __future__ import annotations

import pytest

from penstock.core.devices.errors import DeviceNotFound, SensorExists, SensorNotFound
from penstock.core.devices.models import SensorPatch
from penstock.core.sensor import NewSensor, ValueType
from tests.core.devices.conftest import Bench


async def test_a_sensor_without_a_name_is_called_by_its_key(bench: Bench) -> None:
    device = await bench.make()
    made = await bench.sensors.create(bench.actor, device.id, NewSensor(key="vibration.rms", unit="mm/s"))
    assert (made.name, made.unit, made.value_type, made.declared) == ("vibration.rms", "mm/s", ValueType.FLOAT, True)
    assert await bench.sensors.get(bench.actor, device.id, "vibration.rms") == made


async def test_a_key_is_declared_once(bench: Bench) -> None:
    device, twin = await bench.make(), await bench.make()
    await bench.sensors.create(bench.actor, device.id, NewSensor(key="t"))
    with pytest.raises(SensorExists):
        await bench.sensors.create(bench.actor, device.id, NewSensor(key="t", unit="K"))
    await bench.sensors.create(bench.actor, twin.id, NewSensor(key="t", unit="K"))
    assert (await bench.sensors.get(bench.actor, device.id, "t")).unit == ""
    assert (await bench.acts()).count("sensor.create") == 2


async def test_a_device_that_was_deleted_meanwhile_has_no_sensors(bench: Bench) -> None:
    device = await bench.make()
    await bench.sensors.create(bench.actor, device.id, NewSensor(key="t"))
    async with bench.control.database.transaction(bench.actor.org_id) as tx:
        await tx.devices.delete(device.id, 1)  # by another process, so that the directory still has it
    with pytest.raises(DeviceNotFound):
        await bench.sensors.create(bench.actor, device.id, NewSensor(key="u"))


async def test_a_patch_leaves_what_it_does_not_hold(bench: Bench) -> None:
    device = await bench.make()
    await bench.sensors.create(bench.actor, device.id, NewSensor(key="t", name="Supply", unit="°C"))
    changed = await bench.sensors.update(bench.actor, device.id, "t", SensorPatch(unit="K"))
    assert (changed.name, changed.unit) == ("Supply", "K")
    with pytest.raises(SensorNotFound):
        await bench.sensors.update(bench.actor, device.id, "u", SensorPatch(unit="K"))


async def test_sensors_are_listed_by_key_page_by_page(bench: Bench) -> None:
    device = await bench.make()
    for key in ("c", "a", "b"):
        await bench.sensors.create(bench.actor, device.id, NewSensor(key=key))
    first = await bench.sensors.list(bench.actor, device.id, 2, None)
    second = await bench.sensors.list(bench.actor, device.id, 2, first.next_cursor)
    assert [[one.key for one in page.items] for page in (first, second)] == [["a", "b"], ["c"]]
    assert second.next_cursor is None


async def test_a_deleted_sensor_is_gone_and_can_be_declared_anew(bench: Bench) -> None:
    device = await bench.make()
    await bench.sensors.create(bench.actor, device.id, NewSensor(key="t"))
    await bench.sensors.delete(bench.actor, device.id, "t")
    with pytest.raises(SensorNotFound):
        await bench.sensors.delete(bench.actor, device.id, "t")
    with pytest.raises(SensorNotFound):
        await bench.sensors.get(bench.actor, device.id, "t")
    await bench.sensors.create(bench.actor, device.id, NewSensor(key="t"))
    assert (await bench.acts())[1:] == ["sensor.create", "sensor.delete", "sensor.create"]


async def test_sensors_of_another_organisations_device_do_not_exist(bench: Bench) -> None:
    device = await bench.make()
    await bench.sensors.create(bench.actor, device.id, NewSensor(key="t"))
    for refused in (
        bench.sensors.create(bench.stranger, device.id, NewSensor(key="u")),
        bench.sensors.get(bench.stranger, device.id, "t"),
        bench.sensors.list(bench.stranger, device.id, 10, None),
        bench.sensors.update(bench.stranger, device.id, "t", SensorPatch(unit="K")),
        bench.sensors.delete(bench.stranger, device.id, "t"),
    ):
        with pytest.raises(DeviceNotFound):
            await refused
