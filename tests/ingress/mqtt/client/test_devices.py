"""Names in messages: found once, forgotten when the device changes, and asked for again while nobody has them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.core.devices.directory import DeviceDirectory
from penstock.ingress.mqtt.client import devices
from penstock.ingress.mqtt.client.devices import NamedDevices
from penstock.kit.ids import DeviceId, Prefix, encode
from penstock.kit.secret import Pepper
from tests.support.shelf import Shelf, open_shelf

EUI = "70b3d57ed0061f2a"


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    async with open_shelf(tmp_path) as opened:
        await opened.add_device(10, eui=EUI)
        yield opened


def named(shelf: Shelf) -> tuple[NamedDevices, DeviceDirectory]:
    directory = DeviceDirectory(shelf.database, Pepper(b"p" * 32))
    return NamedDevices(directory), directory


async def test_a_device_is_found_by_id_and_by_its_names_in_its_organisation(shelf: Shelf) -> None:
    names, _ = named(shelf)
    for name in (encode(Prefix.DEVICE, DeviceId(10)), EUI, EUI.upper()):
        for _ in range(2):
            found = await names.find(shelf.acme, name)
            assert found is not None
            assert found.id == 10
        assert await names.find(shelf.other, name) is None


async def test_an_unknown_name_is_asked_for_again(shelf: Shelf) -> None:
    names, _ = named(shelf)
    later = "70b3d57ed0061f2b"
    assert await names.find(shelf.acme, later) is None
    await shelf.add_device(11, eui=later)
    assert await names.find(shelf.acme, later) is not None


async def test_a_changed_device_is_looked_up_again(shelf: Shelf) -> None:
    names, directory = named(shelf)
    assert await names.find(shelf.acme, EUI) is not None
    async with shelf.own() as tx:
        await tx.devices.delete(DeviceId(10), 1)
    directory.drop(DeviceId(10))
    assert await names.find(shelf.acme, EUI) is None


async def test_memory_is_bounded(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "MAX_KNOWN", 1)
    await shelf.add_device(11, eui="70b3d57ed0061f2b")
    names, _ = named(shelf)
    for name in (EUI, "70b3d57ed0061f2b", EUI):
        assert await names.find(shelf.acme, name) is not None
    assert len(names._ids) == 1
