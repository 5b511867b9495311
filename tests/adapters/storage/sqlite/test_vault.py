"""Secrets as rows: with versions, by owner and path, and only those of one organisation."""

from __future__ import annotations

import pytest

from penstock.core.vault.errors import SecretExists
from penstock.core.vault.models import Owner, Sealed, Secret, SecretVersion
from penstock.kit.ids import SecretId
from tests.support.shelf import Shelf

HOOK = Owner("webhook", 5)


def secret(number: int, *, name: str | None = None, path: str = "password", version: int = 1) -> Secret:
    owner = None if name else HOOK
    return Secret(
        id=SecretId(number),
        name=name,
        owner=owner,
        path="" if name else path,
        version=version,
        created_by="usr_1",
        created_us=1,
        updated_us=version,
    )


def version(number: int, count: int = 1) -> SecretVersion:
    sealed = Sealed(1, b"key %d" % count, b"content %d" % count)
    return SecretVersion(secret_id=SecretId(number), version=count, sealed=sealed, created_by="usr_1", created_us=count)


async def test_a_secret_comes_back_as_it_was_and_only_to_its_organisation(shelf: Shelf) -> None:
    managed, named = secret(1), secret(2, name="smtp")
    async with shelf.own() as tx:
        await tx.secrets.create(managed, version(1))
        await tx.secrets.create(named, version(2))
        assert [await tx.secrets.find(SecretId(number)) for number in (1, 2, 3)] == [managed, named, None]
        assert await tx.secrets.find_owned(HOOK, "password") == managed
        assert await tx.secrets.find_owned(HOOK, "token") is None
        [held] = await tx.secrets.held(HOOK)
        assert (held.path, held.secret.id, held.version) == ("password", 1, version(1))
    async with shelf.strange() as tx:
        assert await tx.secrets.find(SecretId(1)) is None
        assert await tx.secrets.find_owned(HOOK, "password") is None
        assert await tx.secrets.held(HOOK) == []
        await tx.secrets.delete_owned(HOOK)
    async with shelf.own() as tx:
        await tx.secrets.delete_owned(HOOK, "token")
        assert await tx.secrets.find(SecretId(1)) == managed
        await tx.secrets.delete_owned(HOOK)
        assert [await tx.secrets.find(SecretId(number)) for number in (1, 2)] == [None, named]


async def test_only_the_newest_versions_are_kept(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.secrets.create(secret(1), version(1))
        for number in (2, 3):
            await tx.secrets.add_version(secret(1, version=number), version(1, number), keep=2)
        [held] = await tx.secrets.held(HOOK)
        assert (held.version, held.secret.updated_us) == (version(1, 3), 3)
        assert await tx.encrypted[0].count_stale(0, 9) == 2


@pytest.mark.parametrize("again", [secret(2), secret(2, name="smtp")])
async def test_a_name_or_path_is_taken_once(shelf: Shelf, again: Secret) -> None:
    async with shelf.own() as tx:
        await tx.secrets.create(secret(1), version(1))
        await tx.secrets.create(secret(3, name="smtp"), version(3))
        with pytest.raises(SecretExists):
            await tx.secrets.create(again, version(2))
    async with shelf.strange() as tx:
        await tx.secrets.create(again, version(2))
