"""The ports of the vault: ciphers, the master key, and where the keys of organisations are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from penstock.core.vault.models import KeyVersion, OrganizationKeys, WrappedKey
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
    """The key that wraps the keys of organisations. It may be in another process, so that calls can fail.

    Each raises `MasterKeyUnreachable` if it cannot be used now.
    """

    @property
    def kind(self) -> str:
        """Where it is: `file`, `env` or `transit`."""

    @property
    def name(self) -> str:
        """Names the key that wraps now, without revealing it. It changes when the master key is rotated."""

    def knows(self, master: str) -> bool:
        """Whether it can unwrap what the master key with this name wrapped, as far as is known without trying."""

    async def check(self) -> None:
        """Check that it can wrap and unwrap."""

    async def refresh(self) -> None:
        """Learn of a rotation by another process. Cheap: it is called every second."""

    async def wrap(self, key: bytearray, bond: str) -> WrappedKey:
        """Encrypt a key."""

    async def unwrap(self, wrapped: bytes, master: str, bond: str) -> bytearray:
        """Decrypt a key that the master key named `master` wrapped.

        Raises:
            MasterKeyWrong: this master key cannot decrypt it.
        """

    async def rotate(self) -> None:
        """Add a key, which wraps from now on. Those before still unwrap.

        Raises:
            MasterKeyElsewhere: a person has to do that; the message says how.
        """

    async def forget(self) -> None:
        """Remove all keys but the one that wraps. The caller has checked that nothing needs them.

        Raises:
            MasterKeyElsewhere.
        """

    async def close(self) -> None:
        """Close its connections."""


class KeyStore(Protocol):
    """The keys of organisations, wrapped. They are kept apart from the database, so that its backups do not contain them."""

    async def load(self, org_id: OrgId) -> OrganizationKeys:
        """The keys of an organisation; without versions before the first one."""

    async def add(self, org_id: OrgId, version: KeyVersion) -> OrganizationKeys:
        """Add a version, durably, and return all. If it exists already, that one stays: two processes may add it at once."""

    async def rewrap(self, org_id: OrgId, versions: Sequence[KeyVersion]) -> None:
        """Replace versions by the same keys under another master key, durably. Versions that do not exist are left out."""

    async def shred(self, org_id: OrgId, now_us: int) -> OrganizationKeys:
        """Destroy all versions, durably. What they encrypted can no longer be decrypted."""

    async def load_all(self) -> Mapping[OrgId, OrganizationKeys]:
        """The keys of all organisations. Damaged ones are logged and left out."""

    def changes(self) -> int:
        """A number that each change makes greater, by whatever process. It does not wait for a disk."""
