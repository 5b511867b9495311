"""Profiles and versions of their codecs, as rows: by filter and page, without scripts in lists, and for whose devices."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec
import pytest

from penstock.core.codecs.models import CodecVersion
from penstock.core.codecs.store import CodecInUse
from penstock.core.profiles.models import Profile, ProfileFilter
from penstock.core.sensor import NewSensor
from penstock.kit.ids import CodecId, ProfileId
from tests.support.shelf import Shelf

ONE = ProfileId(1)


def profile(shelf: Shelf, number: int, **about: Any) -> Profile:
    known: dict[str, Any] = {
        "id": ProfileId(number),
        "project_id": shelf.project_id,
        "name": f"meter {number}",
        "device_type": "meter",
        "model": "",
        "description": "",
        "expected_interval_us": None,
        "sensors": [NewSensor(key="t", unit="°C")],
        "codec_id": None,
        "created_us": 1,
        "updated_us": 1,
    }
    return Profile(**known | about)


def version(number: int) -> CodecVersion:
    return CodecVersion(
        id=CodecId(100 + number),
        profile_id=ONE,
        number=number,
        script="function decodeUplink() {}",
        functions=["decodeUplink"],
        note="",
        author="key_1",
        restored_from=None,
        created_us=1,
    )


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (ProfileFilter(), [3, 2, 1]),
        (ProfileFilter(device_type="meter"), [2, 1]),
        (ProfileFilter(text="50%"), [3]),
        (ProfileFilter(text="%"), [3]),
        (ProfileFilter(text="ELSYS"), [2]),
        (ProfileFilter(text="cellar"), [1]),
    ],
)
async def test_filters_and_pages(filters: ProfileFilter, ids: list[int], shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.profiles.create(profile(shelf, 1, description="In the cellar"))
        await tx.profiles.create(profile(shelf, 2, model="Elsys ERS"))
        await tx.profiles.create(profile(shelf, 3, name="50% valve", device_type="valve"))
        assert [one.id for one in await tx.profiles.list(filters, 10, None)] == ids
        assert [one.id for one in await tx.profiles.list(filters, 10, ProfileId(2))] == [one for one in ids if one < 2]
    async with shelf.strange() as tx:
        assert await tx.profiles.list(filters, 10, None) == []


async def test_a_stranger_neither_sees_nor_changes_a_profile(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.profiles.create(profile(shelf, 1))
    async with shelf.strange() as tx:
        assert await tx.profiles.find(ONE) is None
        assert await tx.profiles.count() == 0
        await tx.profiles.update(profile(shelf, 1, name="stolen"))
        await tx.profiles.delete(ONE)
    async with shelf.own() as tx:
        assert await tx.profiles.find(ONE) == profile(shelf, 1)
        assert await tx.profiles.count() == 1


async def test_versions_are_numbered_once_and_go_with_their_profile(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.profiles.create(profile(shelf, 1))
        assert await tx.codecs.last_number(ONE) == 0
        for number in (1, 2, 3):
            await tx.codecs.create(version(number))
        assert await tx.codecs.last_number(ONE) == 3
        assert [(one.number, one.script) for one in await tx.codecs.list(ONE, 2, 3)] == [(2, ""), (1, "")]
        assert await tx.codecs.find(CodecId(102)) == version(2)
        with pytest.raises(sqlite3.IntegrityError):
            await tx.codecs.create(version(3))
    async with shelf.strange() as tx:
        assert await tx.codecs.find(CodecId(102)) is None
        assert await tx.codecs.list(ONE, 10, 10) == []
        assert await tx.codecs.last_number(ONE) == 0
    async with shelf.own() as tx:
        await tx.profiles.delete(ONE)
        assert await tx.codecs.find(CodecId(102)) is None


async def test_a_device_uses_the_version_that_its_profile_names(shelf: Shelf) -> None:
    device_id = await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.profiles.create(profile(shelf, 1))
        await tx.codecs.create(version(1))
        device = await tx.devices.find(device_id)
        assert device is not None
        await tx.devices.update(msgspec.structs.replace(device, profile_id=ONE))
        assert await tx.profiles.count_devices(ONE) == 1
        assert await tx.codecs.find_for_device(device_id) is None, "no version is in use"
        await tx.profiles.update(profile(shelf, 1, codec_id=CodecId(101)))
        assert await tx.codecs.find_for_device(device_id) == CodecInUse(
            settings={}, profile_id=ONE, codec_id=CodecId(101), number=1
        )
    async with shelf.strange() as tx:
        assert await tx.codecs.find_for_device(device_id) is None
        assert await tx.profiles.count_devices(ONE) == 0
