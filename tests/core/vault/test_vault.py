"""The vault as nouns use it: kept encrypted, read by path, and destroyed for ever."""

from __future__ import annotations

import pytest

from penstock.core.vault import vault as module
from penstock.core.vault.errors import SecretDamaged, SecretShredded
from penstock.core.vault.models import Owner
from tests.support.vaults import OpenVault, shown_in

SEED, LATER = b"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", b"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOOK = Owner("webhook", 5)


async def put(opened: OpenVault, path: str, content: bytes, keep: int = 1) -> None:
    box = await opened.vault.box(opened.acme)
    async with opened.database.transaction(opened.acme) as tx:
        await opened.vault.put(tx, box, HOOK, path, content, "usr_1", keep)
    opened.vault.forget(opened.acme, HOOK)


async def test_secrets_are_read_by_path_by_their_organisation_alone(opened: OpenVault) -> None:
    await put(opened, "password", SEED)
    await put(opened, "token", b"t")
    assert await opened.vault.read(opened.acme, HOOK) == {"password": SEED, "token": b"t"}
    assert await opened.vault.read(opened.other, HOOK) == {}
    assert await opened.vault.read(opened.acme, Owner("webhook", 6)) == {}
    assert await opened.vault.read(opened.acme, Owner("connection", 5)) == {}


async def test_a_new_content_is_a_new_version(opened: OpenVault) -> None:
    for number in range(4):
        await put(opened, "password", b"%d" % number, keep=2)
    assert await opened.vault.read(opened.acme, HOOK) == {"password": b"3"}
    async with opened.database.snapshot(opened.acme) as tx:
        [held] = await tx.secrets.held(HOOK)
        assert (held.secret.version, held.secret.created_by) == (4, "usr_1")
        assert await tx.encrypted[0].count_stale(-1, 99) == 2


async def test_what_is_cached_is_encrypted_and_can_be_forgotten(opened: OpenVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CACHED", 1)
    await put(opened, "password", SEED)
    await opened.put(opened.acme, 1, LATER)
    with pytest.raises(KeyError):
        await opened.read(opened.acme, 9)
    assert (await opened.vault.read(opened.acme, HOOK), await opened.read(opened.acme, 1)) == ({"password": SEED}, LATER)
    assert len(opened.vault._held) == 1
    async with opened.database.transaction(opened.acme) as tx:
        await opened.vault.drop(tx, HOOK)
        await opened.vault.drop(tx, Owner("test", 1), "seed")
    assert await opened.read(opened.acme, 1) == LATER
    opened.vault.clear()
    assert (await opened.vault.read(opened.acme, HOOK), await opened.vault.read(opened.acme, Owner("test", 1))) == ({}, {})


async def test_no_secret_is_in_a_file(opened: OpenVault) -> None:
    await put(opened, "password", SEED)
    await put(opened, "password", LATER)
    files = [path for path in opened.folder.rglob("*") if path.is_file()]
    assert any(path.name.startswith("penstock.db") for path in files)
    assert [(path.name, shown) for path in files if (shown := shown_in(path.read_bytes(), [SEED, LATER]))] == []


async def test_rows_that_were_swapped_are_refused(opened: OpenVault) -> None:
    await opened.put(opened.acme, 1, SEED)
    await opened.put(opened.acme, 2, LATER)
    await opened.database._writer.call(
        lambda connection: connection.execute(
            "UPDATE secret_versions SET content = (SELECT max(content) FROM secret_versions), data_key ="
            " (SELECT data_key FROM secret_versions ORDER BY content DESC LIMIT 1)"
        )
    )
    refused = 0
    for number in (1, 2):
        try:
            await opened.read(opened.acme, number)
        except SecretDamaged:
            refused += 1
    assert refused == 1


async def test_a_box_whose_key_was_destroyed_stores_nothing(opened: OpenVault) -> None:
    box = await opened.vault.box(opened.acme)
    await opened.keyring.shred(opened.acme)
    async with opened.database.transaction(opened.acme) as tx:
        with pytest.raises(SecretShredded):
            await opened.vault.put(tx, box, HOOK, "password", SEED, "usr_1")
    await put(opened, "password", SEED)
    assert await opened.vault.read(opened.acme, HOOK) == {"password": SEED}


async def test_a_destroyed_key_ends_what_is_cached(opened: OpenVault) -> None:
    await opened.put(opened.acme, 1, SEED)
    await opened.put(opened.other, 1, SEED)
    assert await opened.read(opened.acme, 1) == SEED
    await opened.keyring.shred(opened.acme)
    with pytest.raises(SecretShredded):
        await opened.read(opened.acme, 1)
    assert await opened.read(opened.other, 1) == SEED
