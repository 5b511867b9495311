"""The use cases on keys: counted, recorded, and destroyed only by name."""

from __future__ import annotations

import pytest

from penstock.core.actor import Actor
from penstock.core.audit.models import AuditFilter
from penstock.core.vault.errors import NameNotRepeated, SecretShredded
from tests.support.vaults import OpenVault


async def test_a_rotation_adds_a_version_and_counts_what_is_left(opened: OpenVault) -> None:
    actor = Actor.system(opened.acme)
    for number in range(3):
        await opened.put(opened.acme, number, b"seed")
    woken: list[bool] = []
    opened.parts.keys.on_rotate(lambda: woken.append(True))
    status = await opened.parts.keys.rotate(actor)
    assert (status.keys.current, status.stale, status.master, woken) == (2, 3, "file", [True])
    await opened.settle()
    after = await opened.parts.keys.status(actor)
    assert (after.stale, [one.version for one in after.versions]) == (0, [1, 2])
    assert await opened.read(opened.acme, 1) == b"seed"


async def test_keys_are_destroyed_only_if_the_name_is_repeated(opened: OpenVault) -> None:
    actor = Actor.system(opened.acme)
    await opened.put(opened.acme, 1, b"seed")
    for wrong in ("", "acme", "Other", "Acme "):
        with pytest.raises(NameNotRepeated):
            await opened.parts.keys.shred(actor, wrong)
    assert await opened.read(opened.acme, 1) == b"seed"
    status = await opened.parts.keys.shred(actor, "Acme")
    assert (status.keys.current, status.keys.shredded, status.stale) == (0, 1, 0)
    with pytest.raises(SecretShredded):
        await opened.read(opened.acme, 1)
    await opened.put(opened.acme, 2, b"new")
    assert (await opened.read(opened.acme, 2), (await opened.parts.keys.status(actor)).stale) == (b"new", 0)


async def test_both_are_in_the_audit_log(opened: OpenVault) -> None:
    actor = Actor.system(opened.acme)
    await opened.parts.keys.rotate(actor)
    await opened.parts.keys.shred(actor, "Acme")
    async with opened.database.snapshot(opened.acme) as tx:
        entries = await tx.audit.newest(AuditFilter(), 10)
    assert [one.action for one in entries][:2] == ["vault.keys.shred", "vault.keys.rotate"]
