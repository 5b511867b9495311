"""Encrypted rows of all tables: which are stale, in order, and replaced only if they have not changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from penstock.adapters.storage.sqlite.connection import connect
from penstock.adapters.storage.sqlite.encrypted import SHORT_LIVED, TABLES, needed_keys
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, migrate
from penstock.core.vault.models import Owner, Sealed, Secret, SecretVersion
from penstock.core.vault.store import KeyUse, Rewrapped
from penstock.kit.ids import OrgId, SecretId
from tests.support.shelf import Shelf


async def add(shelf: Shelf, number: int, key_version: int, org_id: OrgId | None = None) -> None:
    own = Secret(
        id=SecretId(number),
        owner=Owner("test", number),
        path="",
        version=1,
        created_by="",
        created_us=0,
        updated_us=0,
    )
    sealed = Sealed(key_version, b"key %d" % number, b"content")
    version = SecretVersion(secret_id=own.id, version=1, sealed=sealed, created_by="", created_us=0)
    async with shelf.database.transaction(org_id or shelf.acme) as tx:
        await tx.secrets.create(own, version)


async def test_stale_rows_come_in_order_and_in_pages(shelf: Shelf) -> None:
    for number, key_version in ((5, 1), (4, 2), (3, 1), (2, 3), (1, 4)):
        await add(shelf, number, key_version)
    await add(shelf, 9, 1, shelf.other)
    async with shelf.own() as tx:
        rows = tx.encrypted[0]
        first = await rows.stale(0, 4, 2, None)
        assert [(one.place, one.bond, one.key_version, one.data_key) for one in first] == [
            ((1, 3, 1), "secret 3 version 1", 1, b"key 3"),
            ((1, 5, 1), "secret 5 version 1", 1, b"key 5"),
        ]
        assert [one.place[1] for one in await rows.stale(0, 4, 9, first[-1].place)] == [4, 2]
        assert [one.place[1] for one in await rows.stale(1, 3, 9, None)] == [4]
        assert (await rows.count_stale(0, 4), await rows.count_stale(1, 3), await rows.newest()) == (4, 1, 4)


async def test_only_rows_that_have_not_changed_are_replaced(shelf: Shelf) -> None:
    for number in (1, 2):
        await add(shelf, number, 1)
    async with shelf.own() as tx:
        rows = tx.encrypted[0]
        first, second = await rows.stale(0, 9, 9, None)
        await rows.rewrap([Rewrapped(first, 2, b"other")])
        await rows.rewrap([Rewrapped(first, 3, b"late"), Rewrapped(second, 2, b"new")])
        found = await rows.stale(0, 9, 9, None)
        assert [(one.key_version, one.data_key) for one in found] == [(2, b"other"), (2, b"new")]
    async with shelf.strange() as tx:
        rows = tx.encrypted[0]
        await rows.rewrap([Rewrapped(found[0], 5, b"theirs")])
        assert (await rows.newest(), await rows.count_stale(0, 9)) == (0, 0)
    async with shelf.own() as tx:
        assert await tx.encrypted[0].newest() == 2


async def test_the_keys_that_each_organisation_needs(shelf: Shelf, tmp_path: Path) -> None:
    async with shelf.system() as tx:
        assert await tx.key_uses() == []
    await add(shelf, 1, 2)
    await add(shelf, 2, 7)
    await add(shelf, 3, 4, shelf.other)
    async with shelf.system() as tx:
        found = sorted(await tx.key_uses(), key=lambda one: one.newest)
    assert found == [KeyUse(shelf.other, 4, 4), KeyUse(shelf.acme, 2, 7)]
    with closing(sqlite3.connect(tmp_path / "data" / CONTROL_FILE)) as connection:
        connection.row_factory = sqlite3.Row
        assert needed_keys(connection) == {shelf.acme: 7, shelf.other: 4}


def test_an_older_schema_needs_no_keys() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        assert needed_keys(connection) == {}


def test_every_table_with_encrypted_values_takes_part(tmp_path: Path) -> None:
    migrate(tmp_path, "now")
    with closing(connect(tmp_path / CONTROL_FILE)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        encrypted = {name for name in names if "data_key" in {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}}
    assert encrypted - SHORT_LIVED == {one.table for one in TABLES}, "add it to TABLES in adapters/storage/sqlite/encrypted.py"
