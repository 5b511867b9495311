"""The vault as other nouns use it: a webhook, a connection or a token keeps its secrets here, and has none of its own.

An owner names each of its secrets by a path, such as `password`. It tells the secrets of one owner apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.database import OrganizationDatabase, repeated_after_commit
from penstock.core.vault.keyring import Box, Keyring
from penstock.core.vault.models import Owner, Secret, SecretVersion
from penstock.core.vault.store import HasSecrets, Held
from penstock.kit.clock import Clock
from penstock.kit.errors import Unavailable
from penstock.kit.ids import IdSource, OrgId, SecretId

MAX_CACHED = 20_000
"""Owners whose encrypted secrets are in memory."""


class Vault:
    """Keeps the secrets of owners. What is cached is encrypted."""

    def __init__(self, *, keyring: Keyring, database: OrganizationDatabase[HasSecrets], ids: IdSource, clock: Clock) -> None:
        self._keyring = keyring
        self._database = database
        self._ids = ids
        self._clock = clock
        self._held: dict[tuple[OrgId, Owner], Sequence[Held]] = {}
        self._generation = 0
        """Protects against a read that overlaps with a change, as in the device directory."""

    @property
    def keyring(self) -> Keyring:
        """The keys of organisations."""
        return self._keyring

    async def box(self, org_id: OrgId, needs: int = 0) -> Box:
        """The box that `put` needs, with version `needs` of the organisation's key if that exists; not inside a transaction.

        Raises:
            Unavailable: the master key cannot be reached; retry later.
        """
        return await self._keyring.box(org_id, needs)

    async def confirm(self, org_id: OrgId, version: int) -> None:
        """Refuse to store what a version of the organisation's key encrypted, if it was destroyed since.

        For values that other nouns keep, in the transaction that stores them.

        Raises:
            Unavailable: it was. The same again is encrypted with a new version.
        """
        if await self._keyring.is_shredded(org_id, version):
            raise Unavailable(reason="the keys of the organisation were destroyed in the meantime; retry")

    async def put(
        self, tx: HasSecrets, box: Box, owner: Owner, path: str, content: bytes | bytearray, created_by: str, keep: int = 1
    ) -> Secret:
        """Store one of an owner's secrets, in the transaction that changes the owner; the newest `keep` versions stay.

        The caller calls `forget` after the commit.

        Raises:
            SecretShredded: the organisation's keys were destroyed since the box was made; the request can be repeated.
        """
        await self._keyring.confirm(box)
        found, now_us = await tx.secrets.find_owned(owner, path), self._clock.now_us()
        if found is None:
            await tx.secrets.delete_owned(owner, path)  # a reference under the same path
            secret = Secret(
                id=self._ids.next(SecretId),
                owner=owner,
                path=path,
                version=1,
                created_by=created_by,
                created_us=now_us,
                updated_us=now_us,
            )
            await tx.secrets.create(secret, sealed_version(box, secret, content, created_by, now_us))
            return secret
        secret = msgspec.structs.replace(found, version=found.version + 1, updated_us=now_us)
        await tx.secrets.add_version(secret, sealed_version(box, secret, content, created_by, now_us), keep)
        return secret

    async def refer(self, tx: HasSecrets, owner: Owner, path: str, secret: Secret) -> None:
        """Let an owner use a secret with a name, in the transaction that changes the owner. The caller calls `forget`."""
        await tx.secrets.delete_owned(owner, path)
        await tx.secrets.use(owner, path, secret.id)

    async def sealed(self, box: Box, secret: Secret, content: bytes | bytearray, created_by: str) -> SecretVersion:
        """Encrypt the current version of a secret, in the transaction that stores it.

        Raises:
            SecretShredded: the organisation's keys were destroyed since the box was made; the request can be repeated.
        """
        await self._keyring.confirm(box)
        return sealed_version(box, secret, content, created_by, self._clock.now_us())

    async def drop(self, tx: HasSecrets, owner: Owner, path: str | None = None) -> None:
        """Delete an owner's secrets, or the one under a path, in the transaction that changes the owner."""
        await tx.secrets.delete_owned(owner, path)

    async def read(self, org_id: OrgId, owner: Owner) -> dict[str, bytearray]:
        """Decrypt an owner's secrets, by path. The caller wipes them after use. Not inside a transaction.

        Raises:
            SecretShredded, SecretDamaged, KeysMissing.
            Unavailable: the master key cannot be reached; retry later.
        """
        held = self._held.get((org_id, owner))
        if held is None:
            generation = self._generation
            async with self._database.snapshot(org_id) as tx:
                held = await tx.secrets.held(owner)
            if generation == self._generation:
                if len(self._held) >= MAX_CACHED:
                    self._held.pop(next(iter(self._held)))
                self._held[org_id, owner] = held
        return await self.opened(org_id, held)

    async def opened(self, org_id: OrgId, held: Sequence[Held]) -> dict[str, bytearray]:
        """Decrypt secrets that were read in a transaction, after its end.

        Raises:
            SecretShredded, SecretDamaged, KeysMissing.
            Unavailable.
        """
        if not held:
            return {}
        box = await self._keyring.box(org_id, max(one.version.sealed.key_version for one in held))
        return {one.path: box.open(one.version.sealed, bond_of(one.secret.id, one.version.version)) for one in held}

    async def content(self, org_id: OrgId, version: SecretVersion) -> bytearray:
        """Decrypt one version, after the end of the transaction that read it. The caller wipes it after use.

        Raises:
            SecretShredded, SecretDamaged, KeysMissing.
            Unavailable.
        """
        box = await self._keyring.box(org_id, version.sealed.key_version)
        return box.open(version.sealed, bond_of(version.secret_id, version.version))

    @repeated_after_commit
    def forget(self, org_id: OrgId, owner: Owner) -> None:
        """Read an owner's secrets again the next time: after a commit that changed them."""
        self._generation += 1
        self._held.pop((org_id, owner), None)

    def clear(self) -> None:
        """Read all secrets again: another process may have changed any."""
        self._generation += 1
        self._held.clear()


def sealed_version(box: Box, secret: Secret, content: bytes | bytearray, created_by: str, now_us: int) -> SecretVersion:
    """Encrypt the current version of a secret."""
    sealed = box.seal(content, bond_of(secret.id, secret.version))
    return SecretVersion(secret_id=secret.id, version=secret.version, sealed=sealed, created_by=created_by, created_us=now_us)


def bond_of(secret_id: SecretId, version: int) -> str:
    """What the content of a version is bound to."""
    return f"secret {secret_id} version {version}"
