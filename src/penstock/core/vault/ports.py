"""The ports of the vault: ciphers, the master key, and where the keys of organisations are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.vault.models import KeyVersion, OrganizationKeys
from penstock.kit.ids import OrgId


class Ciphers(Protocol):
    """Authenticated encryption. `bond` is authenticated with the content: an encrypted value opens only with the same bond."""

    def new_key(self) -> bytearray:
        """A new random key."""

    def encrypt(self, key: bytes | bytearray, content: bytes | bytearray, bond: str) -> bytes:
        """A nonce, then the ciphertext with its tag."""

    def decrypt(self, key: bytes | bytearray, encrypted: bytes, bond: str) -> bytearray:
        """The content, in memory that the caller wipes after use.

        Raises:
            ValueError: it was changed, or encrypted with another key or bond.
        """


class MasterKey(Protocol):
    """The key that wraps the keys of organisations. It may be in another process, so that both calls can fail."""

    @property
    def name(self) -> str:
        """Names the key that wraps now, without revealing it. It changes when the master key is rotated."""

    async def wrap(self, key: bytearray, bond: str) -> bytes:
        """Encrypt a key.

        Raises:
            Unavailable: retry later.
        """

    async def unwrap(self, wrapped: bytes, master: str, bond: str) -> bytearray:
        """Decrypt a key that the master key named `master` wrapped.

        Raises:
            MasterKeyWrong: this master key cannot decrypt it.
            Unavailable: retry later.
        """


class KeyStore(Protocol):
    """The keys of organisations, wrapped. They are kept apart from the database, so that its backups do not contain them."""

    async def load(self, org_id: OrgId) -> OrganizationKeys:
        """The keys of an organisation; without versions before the first one."""

    async def add(self, org_id: OrgId, version: KeyVersion) -> OrganizationKeys:
        """Add a version, durably, and return all. If it exists already, that one stays: two processes may add it at once."""

    async def rewrap(self, org_id: OrgId, versions: Sequence[KeyVersion]) -> None:
        """Replace versions by the same keys under another master key, durably. Versions that do not exist are left out."""

    async def shred(self, org_id: OrgId, now_us: int) -> OrganizationKeys:
        """Destroy all versions, durably. What they encrypted cannot be decrypted any more."""

    async def organizations(self) -> Sequence[OrgId]:
        """The organisations that have keys, by id."""
