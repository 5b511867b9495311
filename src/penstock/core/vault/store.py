"""The stores of secrets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.audit.store import HasAudit
from penstock.core.vault.models import Owner, Secret, SecretFilter, SecretPaths, SecretUse, SecretVersion
from penstock.kit.ids import OrgId, SecretId


class Held(msgspec.Struct, frozen=True):
    """A secret that an owner uses under a path, with the current version of its content. It may have a name of its own."""

    path: str
    secret: Secret
    version: SecretVersion


class Using(msgspec.Struct, frozen=True):
    """One use of a secret, of `total`."""

    secret_id: SecretId
    use: SecretUse
    total: int


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


class OldRow(msgspec.Struct, frozen=True):
    """An owner whose secrets are sealed in its row. `hint` is the column that tells which secrets it has: text of its kind.

    `paths` are those that the row records already, if the secrets could not be opened before.
    """

    owner: Owner
    org_id: OrgId
    sealed: bytes
    hint: str
    paths: SecretPaths


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

    async def find_by_name(self, name: str) -> Secret | None:
        """The secret with this name."""

    async def list(self, filters: SecretFilter, limit: int, before_id: int) -> Sequence[Secret]:
        """Secrets newest first, with ids below `before_id`."""

    async def count_named(self) -> int:
        """The number of secrets with a name."""

    async def update(self, secret: Secret) -> None:
        """Update the description."""

    async def delete(self, secret_id: SecretId) -> None:
        """Delete a secret with a name. Nothing uses it."""

    async def versions(self, secret_id: SecretId) -> Sequence[SecretVersion]:
        """The stored versions of a secret, newest first."""

    async def find_version(self, secret_id: SecretId, version: int) -> SecretVersion | None:
        """One version of a secret."""

    async def use(self, owner: Owner, path: str, secret_id: SecretId) -> None:
        """Let an owner use a secret with a name under a path, where it has none."""

    async def uses(self, secret_id: SecretId, limit: int, after: SecretUse | None = None) -> Sequence[SecretUse]:
        """The uses of a secret with a name, in order, after one of them."""

    async def uses_of(self, secret_ids: Sequence[SecretId], each: int) -> Sequence[Using]:
        """The first uses of several secrets, at most `each` of them."""

    async def move(self, owner: Owner, path: str, to: str) -> bool:
        """Move what an owner has under a path to another path, where it has nothing. Returns whether it had anything."""

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


class OldSecretStore(Protocol):
    """Secrets of the transaction's organisation that were sealed in the rows of their owners, before there was a vault."""

    async def move_in(self, row: OldRow, paths: SecretPaths) -> None:
        """The owner's secrets are in the vault, under these paths: empty its old column, unless that changed."""

    async def mark_unreadable(self, row: OldRow, paths: SecretPaths) -> None:
        """The owner should have secrets under these paths, but its old column cannot be opened. The column is kept."""


class SystemOldSecretStore(Protocol):
    """Secrets of all organisations that are not in the vault yet."""

    async def list(self, kind: str, after_id: int, limit: int) -> Sequence[OldRow]:
        """Owners of a kind whose secrets are still sealed in their rows, by id, after one of them."""


class HasSecrets(Protocol):
    """A transaction with secrets."""

    @property
    def secrets(self) -> SecretStore:
        """Secrets."""


class HasOldSecrets(HasSecrets, Protocol):
    """A transaction with secrets, and those that are not in the vault yet."""

    @property
    def old_secrets(self) -> OldSecretStore:
        """Secrets in the rows of their owners."""


class HasSystemOldSecrets(Protocol):
    """A transaction with the secrets of all organisations that are not in the vault yet."""

    @property
    def old_secrets(self) -> SystemOldSecretStore:
        """Secrets in the rows of their owners."""


class SecretTransaction(HasSecrets, HasAudit, Protocol):
    """The transaction of use cases on secrets."""
