"""The stores of secrets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.vault.models import Owner, Sealed, Secret, SecretVersion
from penstock.kit.ids import OrgId, SecretId


class Held(msgspec.Struct, frozen=True):
    """A secret that an owner uses under a path, with the current version of its content. It may have a name of its own."""

    path: str
    secret: Secret
    version: SecretVersion


class Stale(msgspec.Struct, frozen=True):
    """An encrypted value whose data key an older version of the organisation's key wraps."""

    secret_id: SecretId
    version: int
    sealed: Sealed


class SecretStore(Protocol):
    """Secrets of the transaction's organisation. Versions of their content are encrypted."""

    async def create(self, secret: Secret, version: SecretVersion) -> None:
        """Add a secret with its first version.

        Raises:
            SecretExists: the name is taken.
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

    async def stale(self, current: int, limit: int) -> Sequence[Stale]:
        """Versions of contents whose data key is not wrapped by version `current` of the organisation's key."""

    async def rewrap(self, before: Stale, after: Sealed) -> bool:
        """Replace the data key of a version, unless it changed in the meantime. Returns whether it did so."""

    async def count_stale(self, current: int) -> int:
        """How many versions of contents are not wrapped by version `current` of the organisation's key."""


class SystemSecretStore(Protocol):
    """Secrets of all organisations."""

    async def organizations(self) -> Sequence[OrgId]:
        """The organisations that have secrets."""


class HasSecrets(Protocol):
    """A transaction with secrets."""

    @property
    def secrets(self) -> SecretStore:
        """Secrets."""


class HasSystemSecrets(Protocol):
    """A transaction with the secrets of all organisations."""

    @property
    def secrets(self) -> SystemSecretStore:
        """Secrets."""
