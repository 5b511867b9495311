"""The keyring: the keys of organisations, decrypted for a short time, and encryption with them.

Theory of operation. Each value has its own random data key, used once, which the organisation's key wraps. To rotate the
organisation's key, a version is added and each data key is wrapped again; contents stay as they are. Old versions are kept, for
backups of the database contain values that they encrypted. To destroy what an organisation has encrypted, backups included, its
versions are destroyed: they exist only in the key store.

Content and data keys are in memory as `bytearray`s while they are used, and then wiped. The organisation's key stays in memory
for `CACHED_S`, because a master key may be in another process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from penstock.core.vault.errors import KeysMissing, SecretDamaged, SecretShredded
from penstock.core.vault.models import KeyVersion, OrganizationKeys, Sealed
from penstock.core.vault.ports import Ciphers, KeyStore, MasterKey
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import OrgId

CACHED_S = 60
"""How long an organisation's key stays in memory: as long as another process may use one that was destroyed here."""
MAX_CACHED = 1_000


def wipe(content: bytearray) -> None:
    """Overwrite a secret in memory."""
    content[:] = bytes(len(content))


@contextmanager
def wiped(content: bytearray) -> Iterator[bytearray]:
    """A secret that is overwritten at the end."""
    try:
        yield content
    finally:
        wipe(content)


class Box:
    """Encrypts and decrypts values of one organisation. It is used at once and not kept."""

    def __init__(self, org_id: OrgId, keys: OrganizationKeys, plain: dict[int, bytearray], ciphers: Ciphers) -> None:
        self._org_id = org_id
        self._keys = keys
        self._plain = plain
        self._ciphers = ciphers

    @property
    def version(self) -> int:
        """The version of the organisation's key that encrypts."""
        return self._keys.current

    def knows(self, version: int) -> bool:
        """Whether the box has a version of the key, or knows that it was destroyed."""
        return version in self._plain or version <= self._keys.shredded

    def seal(self, content: bytes | bytearray, bond: str) -> Sealed:
        """Encrypt a value. `bond` names what it belongs to, and must be unique in the organisation."""
        bond = f"{self._org_id}:{bond}"
        with wiped(self._ciphers.new_key()) as data_key:
            encrypted = self._ciphers.encrypt(data_key, content, bond)
            return Sealed(self.version, self._wrap(data_key, bond), encrypted)

    def open(self, sealed: Sealed, bond: str) -> bytearray:
        """Decrypt a value. The caller wipes it after use.

        Raises:
            SecretShredded: its key was destroyed.
            SecretDamaged: it was changed, or belongs to something else.
            KeysMissing.
        """
        bond = f"{self._org_id}:{bond}"
        with wiped(self._unwrap(sealed, bond)) as data_key:
            return self._decrypt(data_key, sealed.content, bond)

    def rewrapped(self, sealed: Sealed, bond: str) -> Sealed:
        """The same value with its data key under the current version.

        Raises:
            SecretShredded, SecretDamaged, KeysMissing.
        """
        bond = f"{self._org_id}:{bond}"
        with wiped(self._unwrap(sealed, bond)) as data_key:
            return Sealed(self.version, self._wrap(data_key, bond), sealed.content)

    def _wrap(self, data_key: bytearray, bond: str) -> bytes:
        return self._ciphers.encrypt(self._plain[self.version], data_key, f"{bond}:key {self.version}")

    def _unwrap(self, sealed: Sealed, bond: str) -> bytearray:
        version = sealed.key_version
        if version <= self._keys.shredded:
            raise SecretShredded()
        if version not in self._plain:
            raise KeysMissing(version=version)
        return self._decrypt(self._plain[version], sealed.data_key, f"{bond}:key {version}")

    def _decrypt(self, key: bytearray, encrypted: bytes, bond: str) -> bytearray:
        try:
            return self._ciphers.decrypt(key, encrypted, bond)
        except ValueError:
            raise SecretDamaged() from None  # its text could quote the value


class Keyring:
    """Decrypts the keys of organisations when they are needed, and makes the first one."""

    def __init__(self, *, store: KeyStore, master: MasterKey, ciphers: Ciphers, clock: Clock) -> None:
        self._store = store
        self._master = master
        self._ciphers = ciphers
        self._clock = clock
        self._boxes: dict[OrgId, tuple[int, Box]] = {}

    @property
    def master(self) -> MasterKey:
        """The master key."""
        return self._master

    async def box(self, org_id: OrgId, needs: int = 0) -> Box:
        """The box of an organisation, with version `needs` of its key if that exists. The first call makes the first version.

        Not inside a transaction: the master key may be in another process, and the one writer must not wait for it.

        Raises:
            MasterKeyWrong.
            Unavailable: the master key cannot be reached; retry later.
        """
        now_us = self._clock.now_us()
        cached = self._boxes.get(org_id)
        if cached is not None and now_us < cached[0] and (not needs or cached[1].knows(needs)):
            return cached[1]
        keys = await self._store.load(org_id)
        if not keys.versions:
            keys = await self._add(org_id, keys)
        box = Box(org_id, keys, await self._unwrapped(org_id, keys), self._ciphers)
        if len(self._boxes) >= MAX_CACHED:
            self._boxes.pop(next(iter(self._boxes)))
        self._boxes[org_id] = (now_us + CACHED_S * SECOND_US, box)
        return box

    async def rotate(self, org_id: OrgId) -> OrganizationKeys:
        """Add a version of an organisation's key, which encrypts from now on.

        Raises:
            Unavailable.
        """
        keys = await self._add(org_id, await self._store.load(org_id))
        self.forget(org_id)
        return keys

    async def shred(self, org_id: OrgId) -> OrganizationKeys:
        """Destroy the keys of an organisation: what they encrypted cannot be decrypted any more, in backups neither."""
        keys = await self._store.shred(org_id, self._clock.now_us())
        self.forget(org_id)
        return keys

    async def keys(self, org_id: OrgId) -> OrganizationKeys:
        """The versions of an organisation's key, wrapped."""
        return await self._store.load(org_id)

    def forget(self, org_id: OrgId) -> None:
        """Remove an organisation's key from memory. It is not wiped: a call may be using it."""
        self._boxes.pop(org_id, None)

    async def _add(self, org_id: OrgId, keys: OrganizationKeys) -> OrganizationKeys:
        version = max(keys.current, keys.shredded) + 1
        with wiped(self._ciphers.new_key()) as key:
            wrapped = await self._master.wrap(key, key_bond(org_id, version))
        return await self._store.add(org_id, KeyVersion(version, self._master.name, wrapped, self._clock.now_us()))

    async def _unwrapped(self, org_id: OrgId, keys: OrganizationKeys) -> dict[int, bytearray]:
        return {
            one.version: await self._master.unwrap(one.wrapped, one.master, key_bond(org_id, one.version))
            for one in keys.versions
        }


def key_bond(org_id: OrgId, version: int) -> str:
    """What a version of an organisation's key is bound to under the master key."""
    return f"organization {org_id} key {version}"
