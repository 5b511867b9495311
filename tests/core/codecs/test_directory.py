"""The codec of each device in memory: of its own organisation, one script for all who use it, and gone after a change."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.codecs import directory
from penstock.core.codecs.directory import CodecDirectory
from penstock.kit.ids import CodecId, DeviceId
from tests.adapters.storage.sqlite.test_profiles import ONE, profile, version
from tests.support.shelf import Shelf


async def prepare(shelf: Shelf, *numbers: int) -> None:
    """Devices with a profile whose first codec version is in use."""
    async with shelf.own() as tx:
        await tx.profiles.create(profile(shelf, 1, codec_id=CodecId(101)))
        for number in (1, 2):
            await tx.codecs.create(version(number))
    for number in numbers:
        await shelf.add_device(number)
        async with shelf.own() as tx:
            device = await tx.devices.find(DeviceId(number))
            assert device is not None
            await tx.devices.update(msgspec.structs.replace(device, profile_id=ONE))


async def use(shelf: Shelf, codec_id: int | None) -> None:
    async with shelf.own() as tx:
        await tx.profiles.update(profile(shelf, 1, codec_id=codec_id))


async def test_devices_of_one_version_share_its_script(shelf: Shelf) -> None:
    await prepare(shelf, 10, 11)
    codecs = CodecDirectory(shelf.database)
    found = [await codecs.find(shelf.acme, DeviceId(number)) for number in (10, 11)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].script is found[1].script
    assert found[0].used.number == 1


async def test_another_organisation_sees_no_codec_through_memory(shelf: Shelf) -> None:
    await prepare(shelf, 10)
    codecs = CodecDirectory(shelf.database)
    assert await codecs.find(shelf.acme, DeviceId(10)) is not None
    assert await codecs.find(shelf.other, DeviceId(10)) is None
    assert await codecs.find(shelf.acme, DeviceId(10)) is not None


async def test_many_devices_are_found_at_once(shelf: Shelf) -> None:
    await prepare(shelf, 10, 11)
    codecs = CodecDirectory(shelf.database)
    one = await codecs.find(shelf.acme, DeviceId(10))
    found = await codecs.find_all(shelf.acme, [DeviceId(number) for number in (10, 11, 12, 10)])
    assert list(found) == [10, 11, 12]
    assert found[DeviceId(10)] is one
    assert found[DeviceId(11)] is await codecs.find(shelf.acme, DeviceId(11)) is not None
    assert found[DeviceId(12)] is None
    assert await codecs.find_all(shelf.other, [DeviceId(10)]) == {10: None}
    assert await codecs.find_all(shelf.acme, []) == {}


@pytest.mark.parametrize("told", ["device", "codecs", "nobody"])
async def test_a_change_is_seen_once_somebody_tells(told: str, shelf: Shelf) -> None:
    await prepare(shelf, 10)
    codecs = CodecDirectory(shelf.database)
    await codecs.find(shelf.acme, DeviceId(10))
    await use(shelf, 102)
    if told == "device":
        codecs.device_changed(DeviceId(10))
    elif told == "codecs":
        codecs.codecs_changed()
    found = await codecs.find(shelf.acme, DeviceId(10))
    assert found is not None
    assert found.used.number == (1 if told == "nobody" else 2)


async def test_a_device_without_a_codec_is_remembered_too(shelf: Shelf) -> None:
    await prepare(shelf, 10)
    codecs = CodecDirectory(shelf.database)
    await use(shelf, None)
    assert await codecs.find(shelf.acme, DeviceId(10)) is None
    await use(shelf, 101)
    assert await codecs.find(shelf.acme, DeviceId(10)) is None
    codecs.codecs_changed()
    assert await codecs.find(shelf.acme, DeviceId(10)) is not None


async def test_memory_is_bounded(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MAX_KNOWN", 1)
    monkeypatch.setattr(directory, "MAX_SCRIPTS", 1)
    await prepare(shelf, 10, 11)
    codecs = CodecDirectory(shelf.database)
    for number in (10, 11, 10):
        assert await codecs.find(shelf.acme, DeviceId(number)) is not None
    assert (len(codecs._by_device), len(codecs._scripts)) == (1, 1)
