"""Use cases on the keys of an organisation: show, rotate, destroy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.store import HasAudit
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.vault.errors import NameNotRepeated
from penstock.core.vault.keyring import Keyring
from penstock.core.vault.models import KeyVersion, OrganizationKeys
from penstock.core.vault.store import EncryptedRows, HasEncrypted
from penstock.kit.ids import OrgId, Prefix, encode


class KeyTransaction(HasEncrypted, HasAudit, Protocol):
    """A transaction with encrypted values and the audit log."""


class KeyStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of an organisation. `stale` is how many values older versions encrypt, `master` where the master key is."""

    keys: OrganizationKeys
    stale: int
    master: str

    @property
    def versions(self) -> Sequence[KeyVersion]:
        """The versions, oldest first."""
        return self.keys.versions


async def count_stale(tables: Sequence[EncryptedRows], keys: OrganizationKeys) -> int:
    """How many values are to be wrapped again."""
    return sum([await one.count_stale(keys.shredded, keys.current) for one in tables])


class VaultKeys:
    """The keys of organisations. `name_of` tells an organisation's name."""

    def __init__(
        self,
        *,
        keyring: Keyring,
        database: OrganizationDatabase[KeyTransaction],
        trail: AuditTrail,
        name_of: Callable[[OrgId], Awaitable[str]],
    ) -> None:
        self._keyring = keyring
        self._database = database
        self._trail = trail
        self._name_of = name_of
        self._listeners: list[Callable[[], None]] = []

    def on_rotate(self, listener: Callable[[], None]) -> None:
        """Register a function to call when values have to be wrapped again. It must not block."""
        self._listeners.append(listener)

    async def status(self, actor: Actor) -> KeyStatus:
        """The versions of the organisation's key, and how many values are still under older ones."""
        keys = await self._keyring.keys(actor.org_id)
        async with self._database.snapshot(actor.org_id) as tx:
            stale = await count_stale(tx.encrypted, keys)
        return KeyStatus(keys=keys, stale=stale, master=self._keyring.master.kind)

    async def rotate(self, actor: Actor) -> KeyStatus:
        """Add a version, which encrypts from now on. Values of older versions are wrapped again in the background.

        Raises:
            MasterKeyUnreachable.
        """
        keys = await self._keyring.rotate(actor.org_id)
        async with self._database.transaction(actor.org_id) as tx:
            await self._trail.record(tx, actor, "vault.keys.rotate", _target(actor.org_id), version=keys.current)
            stale = await count_stale(tx.encrypted, keys)
        for listener in self._listeners:
            listener()
        return KeyStatus(keys=keys, stale=stale, master=self._keyring.master.kind)

    async def shred(self, actor: Actor, repeated_name: str) -> KeyStatus:
        """Destroy all versions, for ever: no one can decrypt what they encrypted, from backups neither.

        Raises:
            NameNotRepeated: it is not the organisation's name.
        """
        if repeated_name != await self._name_of(actor.org_id):
            raise NameNotRepeated()
        async with self._database.transaction(actor.org_id) as tx:
            keys = await self._keyring.keys(actor.org_id)
            await self._trail.record(tx, actor, "vault.keys.shred", _target(actor.org_id), up_to_version=keys.newest)
            # Inside: while this transaction is open, nothing is stored that these keys encrypted.
            keys = await self._keyring.shred(actor.org_id)
        return KeyStatus(keys=keys, stale=0, master=self._keyring.master.kind)


def _target(org_id: OrgId) -> Target:
    return Target("organization", encode(Prefix.ORGANIZATION, org_id))
