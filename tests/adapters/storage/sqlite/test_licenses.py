"""Licences as rows: the oldest free one of a project is paired, and a device that goes leaves it free."""

from __future__ import annotations

from penstock.core.licenses.models import License
from penstock.kit.ids import DeviceId
from tests.support.shelf import Shelf

TEN, ELEVEN = DeviceId(10), DeviceId(11)


async def add(shelf: Shelf, **created: int) -> None:
    async with shelf.own() as tx:
        for name, created_us in created.items():
            await tx.licenses.create(License(id=name, project_id=shelf.project_id, device_id=None, created_us=created_us))


async def test_the_oldest_free_licence_is_paired_until_none_is_left(shelf: Shelf) -> None:
    for number in (10, 11, 12):
        await shelf.add_device(number)
    await add(shelf, b=1, a=2, c=1)
    async with shelf.strange() as tx:
        assert await tx.licenses.pair(TEN, shelf.project_id) is False
    async with shelf.own() as tx:
        assert [await tx.licenses.pair(DeviceId(number), shelf.project_id) for number in (10, 11, 12)] == [True] * 3
        found = [await tx.licenses.find_of_device(DeviceId(number)) for number in (10, 11, 12)]
        assert [one.id for one in found if one] == ["b", "c", "a"]
        assert await tx.licenses.pair(DeviceId(10), shelf.project_id) is False
        assert await tx.licenses.count_available(shelf.project_id) == 0


async def test_a_deleted_device_leaves_its_licence_free(shelf: Shelf) -> None:
    await shelf.add_device(10)
    await add(shelf, a=1)
    async with shelf.own() as tx:
        await tx.licenses.pair(TEN, shelf.project_id)
        await tx.devices.delete(TEN, 1)
        assert await tx.licenses.find("a") == License(id="a", project_id=shelf.project_id, device_id=None, created_us=1)
        assert await tx.licenses.find_of_device(TEN) is None
        assert await tx.licenses.count_available(shelf.project_id) == 1


async def test_pages_of_a_project_and_nothing_for_strangers(shelf: Shelf) -> None:
    await add(shelf, c=1, a=2, b=3)
    async with shelf.own() as tx:
        assert [one.id for one in await tx.licenses.list(shelf.project_id, 2, "")] == ["a", "b"]
        assert [one.id for one in await tx.licenses.list(shelf.project_id, 2, "b")] == ["c"]
    async with shelf.strange() as tx:
        assert await tx.licenses.list(shelf.project_id, 10, "") == []
        assert await tx.licenses.find("a") is None
        await tx.licenses.delete("a")
    async with shelf.own() as tx:
        await tx.licenses.delete("b")
        assert [one.id for one in await tx.licenses.list(shelf.project_id, 10, "")] == ["a", "c"]
