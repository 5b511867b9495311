"""The stores of secrets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.vault.models import Owner, Secret, SecretVersion
from penstock.kit.ids import OrgId, SecretId


class Held(msgspec.Struct, frozen=True):
    """A secret that an owner uses under a path, with the current version of its content. It may have a name of its own."""

    path: str
    secret: Secret
    version: SecretVersion


class Stale(msgspec.Struct, frozen=True):
    """The data key of an encrypted value, which an older version of the organisation's key wraps.

    `place` is where the row is: the key version, then its primary key. `bond` is what the value is bound to.
    """

    place: tuple[int, ...]
    bond: str
    key_version: int
    data_key: bytes


class Rewrapped(msgspec.Struct, frozen=True):
    """The same data key under another version of the organisation's key."""

    before: Stale
    key_version: int
    data_key: bytes


class KeyUse(msgspec.Struct, frozen=True):
    """The oldest and the newest version of an organisation's key that a table needs."""

    org_id: OrgId
    oldest: int
    newest: int


class EncryptedRows(Protocol):
    """The encrypted values of the transaction's organisation in one table: columns `key_version` and `data_key`."""

    async def stale(self, above: int, below: int, limit: int, after: tuple[int, ...] | None) -> Sequence[Stale]:
        """Data keys under versions between `above` and `below`, both excluded, in order of place after this one."""

    async def rewrap(self, changes: Sequence[Rewrapped]) -> None:
        """Replace data keys, except those that changed in the meantime."""

    async def count_stale(self, above: int, below: int) -> int:
        """How many data keys are under versions between these, both excluded."""

    async def newest(self) -> int:
        """The newest version that a data key is under; 0 without any."""


class SecretStore(Protocol):
    """Secrets of the transaction's organisation. Versions of their content are encrypted."""

    async def create(self, secret: Secret, version: SecretVersion) -> None:
        """Add a secret with its first version.

        Raises:
            SecretExists: another secret has the name.
        """

    async def add_version(self, secret: Secret, version: SecretVersion, keep: int) -> None:
        """Add a version, which is current from now on; only the newest `keep` versions stay."""

    async def find(self, secret_id: SecretId) -> Secret | None:
        """The secret with this id."""

    async def find_owned(self, owner: Owner, path: str) -> Secret | None:
        """The managed secret of an owner under a path."""

    async def held(self, owner: Owner) -> Sequence[Held]:
        """All that an owner uses: the secrets that belong to it, and those with a name that it refers to."""

    async def delete_owned(self, owner: Owner, path: str | None = None) -> None:
        """Delete the managed secrets of an owner, or the one under a path, and its references to others."""


class HasEncrypted(Protocol):
    """A transaction with all encrypted values of its organisation, of whatever noun."""

    @property
    def encrypted(self) -> Sequence[EncryptedRows]:
        """Each table with encrypted values."""


class HasSystemEncrypted(Protocol):
    """A transaction with the encrypted values of all organisations."""

    async def key_uses(self) -> Sequence[KeyUse]:
        """Which versions of their keys organisations need, for each table that has values of them."""


class HasSecrets(Protocol):
    """A transaction with secrets."""

    @property
    def secrets(self) -> SecretStore:
        """Secrets."""
