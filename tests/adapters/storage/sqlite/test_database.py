"""The control database: callers that go away at any moment leave it as it was, and usable."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.adapters.storage.sqlite.transaction import SqliteTransaction
from penstock.bootstrap.stores import open_database
from penstock.core.tenancy.models import Organization
from penstock.kit.clock import SystemClock
from penstock.kit.ids import DeviceId
from penstock.settings import load_settings
from tests.support.shelf import Shelf
from tests.support.waiting import CEILING_S


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    data_dir = DataDir(tmp_path / "data")
    with data_dir.locked():
        database = open_database(data_dir, load_settings(environment={}), SystemClock())
        yield database
        database.close()


async def add(database: SqliteDatabase, number: int) -> None:
    async with database.system() as tx:
        await tx.organizations.create(Organization(id=number, name=str(number), plan="enterprise", created_us=0))


async def test_a_caller_that_goes_away_while_it_waits_for_another_process_leaves_no_transaction(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    beside = sqlite3.connect(tmp_path / "data" / "penstock.db", isolation_level=None)
    beside.execute("BEGIN IMMEDIATE")
    going = asyncio.create_task(add(database, 1))
    await asyncio.sleep(0.05)
    going.cancel()
    await asyncio.sleep(0.05)
    beside.close()
    await asyncio.gather(going, return_exceptions=True)
    await add(database, 2)
    async with database.system_snapshot() as tx:
        assert [one.id for one in await tx.organizations.list()] == [2]


async def test_readers_that_go_away_twice_are_given_back(database: SqliteDatabase) -> None:
    async def look() -> None:
        async with database.system_snapshot() as tx:
            await tx.organizations.list()

    for number in range(60):
        going = asyncio.create_task(look())
        for _ in range(2):
            await asyncio.sleep(number % 12 * 0.0001)
            going.cancel()
        await asyncio.gather(going, return_exceptions=True)
    await asyncio.wait_for(asyncio.gather(*(look() for _ in range(20))), CEILING_S)


async def test_callers_that_go_away_at_any_moment(database: SqliteDatabase) -> None:
    for number in range(1, 200):
        going = asyncio.create_task(add(database, number))
        await asyncio.sleep(number % 20 * 0.0002)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
    await add(database, 1000)
    async with database.system_snapshot() as tx:
        assert 1000 in {one.id for one in await tx.organizations.list()}


async def test_parts_of_a_held_transaction_commit_together(shelf: Shelf) -> None:
    async with shelf.database.held(shelf.acme, nothing):
        await shelf.add_device(1)
        async with shelf.database.snapshot(shelf.acme) as tx:
            assert await tx.devices.find(DeviceId(1)) is not None, "its own reads see what it wrote"
        assert not await seen_by_others(shelf, 1)
    assert await seen_by_others(shelf, 1)


async def test_a_part_that_fails_is_undone_alone(shelf: Shelf) -> None:
    async with shelf.database.held(shelf.acme, nothing):
        await shelf.add_device(1)
        with contextlib.suppress(ZeroDivisionError):
            async with shelf.own() as tx:
                await tx.devices.delete(DeviceId(1), 1)
                raise ZeroDivisionError
        await shelf.add_device(2)
    assert await seen_by_others(shelf, 1)
    assert await seen_by_others(shelf, 2)


async def test_a_held_transaction_that_fails_leaves_nothing_of_its_parts(shelf: Shelf) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with shelf.database.held(shelf.acme, nothing):
            await shelf.add_device(1)
            raise ZeroDivisionError
    assert not await seen_by_others(shelf, 1)
    await shelf.add_device(1)  # and the writer is free again


async def test_a_task_that_a_held_transaction_starts_is_no_part_of_it(shelf: Shelf) -> None:
    """It inherits the context of its starter. Taken for a part, it would write into whatever the writer does by then."""
    async with shelf.database.held(shelf.acme, nothing) as held:
        await held()
        task = asyncio.create_task(shelf.add_device(1))
        await asyncio.sleep(0)
        assert not await seen_by_others(shelf, 1)
        async with shelf.database.snapshot(shelf.acme) as tx:
            assert await tx.devices.find(DeviceId(1)) is None
    await task
    assert await seen_by_others(shelf, 1)


async def test_it_begins_with_the_first_part_and_its_condition(shelf: Shelf) -> None:
    begun: list[str] = []

    async def on_begin(tx: SqliteTransaction) -> None:
        assert await tx.devices.find(DeviceId(1)) is not None, "what others wrote before it began"
        begun.append("begun")

    async with shelf.database.held(shelf.acme, on_begin) as held:
        await asyncio.create_task(shelf.add_device(1))  # nobody has to wait for it yet
        assert begun == []
        await shelf.add_device(2)
        await shelf.add_device(3)
        assert await held() is await held()
    assert begun == ["begun"]


async def test_a_condition_that_fails_ends_the_use_case_before_it_wrote(shelf: Shelf) -> None:
    async def on_begin(tx: SqliteTransaction) -> None:
        raise ZeroDivisionError

    with contextlib.suppress(ZeroDivisionError):
        async with shelf.database.held(shelf.acme, on_begin):
            await shelf.add_device(1)
    assert not await seen_by_others(shelf, 1)


async def nothing(tx: SqliteTransaction) -> None:
    """No condition."""


async def seen_by_others(shelf: Shelf, number: int) -> bool:
    """Whether a device is there for another task, which sees only what is committed."""

    async def look() -> bool:
        async with shelf.database.snapshot(shelf.acme) as tx:
            return await tx.devices.find(DeviceId(number)) is not None

    return await asyncio.create_task(look())
