"""The keyring: the keys of organisations, decrypted for a short time, and encryption with them.

Theory of operation. Each value has its own random data key, used once, which the organisation's key wraps. To rotate the
organisation's key, a version is added and each data key is wrapped again; contents stay as they are. Old versions are kept, for
backups of the database contain values that they encrypted. To destroy what an organisation has encrypted, backups included, its
versions are destroyed: they exist only in the key store.

Content and data keys are in memory as `bytearray`s while they are used, and then wiped. The organisation's key stays in memory
for `CACHED_S`, because a master key may be in another process; then it is wiped, when the last call that uses it has ended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

from penstock.core.vault.errors import KeysMissing, MasterKeyUnreachable, MasterKeyWrong, SecretDamaged, SecretShredded
from penstock.core.vault.models import KeyVersion, OrganizationKeys, Sealed
from penstock.core.vault.ports import Ciphers, KeyStore, MasterKey
from penstock.kit.clock import Clock
from penstock.kit.conditions import conditions
from penstock.kit.ids import OrgId

CACHED_S = 60
"""How long an organisation's key stays in memory: as long as another process may use one that was destroyed here."""
MAX_CACHED = 1_000
UNUSABLE = "vault_key_unusable"


def wipe(content: bytearray) -> None:
    """Overwrite a secret in memory."""
    content[:] = bytes(len(content))


@contextmanager
def _discreet() -> Iterator[None]:
    """Logs why the master key cannot be used, and raises the same error without that: users must not learn where it is."""
    try:
        yield
    except (MasterKeyUnreachable, MasterKeyWrong) as error:
        conditions().failing(UNUSABLE, error)
        raise type(error)(reason="the server's log says why") from None
    conditions().over(UNUSABLE)


@contextmanager
def wiped(content: bytearray) -> Iterator[bytearray]:
    """A secret that is overwritten at the end."""
    try:
        yield content
    finally:
        wipe(content)


class Box:
    """Encrypts and decrypts values of one organisation. It is used at once and not kept."""

    def __init__(
        self, org_id: OrgId, keys: OrganizationKeys, plain: dict[int, bytearray], ciphers: Ciphers, changes: int = 0
    ) -> None:
        self.org_id = org_id
        self.changes = changes
        self._keys = keys
        self._plain = plain
        self._ciphers = ciphers

    def __del__(self) -> None:
        for key in self._plain.values():
            wipe(key)

    @property
    def version(self) -> int:
        """The version of the organisation's key that encrypts."""
        return self._keys.current

    @property
    def shredded(self) -> int:
        """The newest version that was destroyed; 0 if none was."""
        return self._keys.shredded

    def knows(self, version: int) -> bool:
        """Whether the box has a version of the key, or knows that it was destroyed."""
        return version in self._plain or version <= self._keys.shredded

    def seal(self, content: bytes | bytearray, bond: str) -> Sealed:
        """Encrypt a value. `bond` names what it belongs to, and must be unique in the organisation."""
        bond = f"{self.org_id}:{bond}"
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
        bond = f"{self.org_id}:{bond}"
        with wiped(self._unwrap(sealed.key_version, sealed.data_key, bond)) as data_key:
            return self._decrypt(data_key, sealed.content, bond)

    def rewrapped(self, key_version: int, data_key: bytes, bond: str) -> bytes:
        """A data key that version `key_version` wrapped, under the current version.

        Raises:
            SecretShredded, SecretDamaged, KeysMissing.
        """
        bond = f"{self.org_id}:{bond}"
        with wiped(self._unwrap(key_version, data_key, bond)) as plain:
            return self._wrap(plain, bond)

    def _wrap(self, data_key: bytearray, bond: str) -> bytes:
        return self._ciphers.encrypt(self._plain[self.version], data_key, f"{bond}:key {self.version}")

    def _unwrap(self, version: int, data_key: bytes, bond: str) -> bytearray:
        if version <= self._keys.shredded:
            raise SecretShredded()
        if version not in self._plain:
            raise KeysMissing(version=version)
        return self._decrypt(self._plain[version], data_key, f"{bond}:key {version}")

    def _decrypt(self, key: bytearray, encrypted: bytes, bond: str) -> bytearray:
        try:
            return self._ciphers.decrypt(key, encrypted, bond)
        except ValueError:
            raise SecretDamaged() from None  # its text could quote the value


async def _none_used(org_id: OrgId) -> int:
    return 0


class Keyring:
    """Decrypts the keys of organisations when they are needed, and makes the first one.

    `newest_used` tells the newest version that stored values of an organisation need. If it is missing, a new version is one
    that no value names, so that a lost key is reported as such.
    """

    def __init__(
        self,
        *,
        store: KeyStore,
        master: MasterKey,
        ciphers: Ciphers,
        clock: Clock,
        newest_used: Callable[[OrgId], Awaitable[int]] = _none_used,
    ) -> None:
        self._store = store
        self._master = master
        self._ciphers = ciphers
        self._clock = clock
        self._newest_used = newest_used
        self._boxes: dict[OrgId, tuple[float, Box]] = {}
        """Until when, by the monotonic clock: one that is set back keeps no key in memory."""

    @property
    def master(self) -> MasterKey:
        """The master key."""
        return self._master

    @property
    def changes(self) -> int:
        """A number that each change of any key makes greater."""
        return self._store.changes()

    async def check(self) -> None:
        """Check that the master key can be used, and is the one that wrapped the keys of organisations.

        Raises:
            MasterKeyWrong, MasterKeyUnreachable.
        """
        await self._master.check()
        tried: set[str] = set()
        for org_id, keys in (await self._store.load_all()).items():
            for one in keys.versions:
                if one.master not in tried:
                    tried.add(one.master)
                    wipe(await self._master.unwrap(one.wrapped, one.master, key_bond(org_id, one.version)))

    async def box(self, org_id: OrgId, needs: int = 0) -> Box:
        """The box of an organisation, with version `needs` of its key if that exists. The first call makes the first version.

        Not inside a transaction: the master key may be in another process, and the one writer must not wait for it.

        Raises:
            MasterKeyWrong, MasterKeyUnreachable.
        """
        # Read before the keys: whatever changes them afterwards makes the box old at its next use.
        changes = self._store.changes()
        cached = self._boxes.get(org_id)
        if cached is not None and self._clock.monotonic() < cached[0]:
            box = cached[1]
            if box.changes == changes and (not needs or box.knows(needs)):
                return box
        began_s, keys = self._clock.monotonic(), await self._store.load(org_id)
        with _discreet():
            if not keys.versions:
                keys = await self._add(org_id, keys)
            box = Box(org_id, keys, await self._unwrapped(org_id, keys), self._ciphers, changes)
        if len(self._boxes) >= MAX_CACHED:
            self._boxes.pop(next(iter(self._boxes)))
        self._boxes[org_id] = (began_s + CACHED_S, box)
        return box

    def forget_old(self) -> None:
        """Remove the keys that have been in memory for `CACHED_S`. Called every second."""
        now_s = self._clock.monotonic()
        for org_id, (until_s, _) in list(self._boxes.items()):
            if until_s <= now_s:
                del self._boxes[org_id]

    async def confirm(self, box: Box) -> None:
        """Refuse to store what a box encrypted if its key was destroyed since. In the transaction that stores it.

        Keys are destroyed inside a transaction too, and there is one writer: what this admits is committed before.

        Raises:
            SecretShredded.
        """
        if box.changes != self._store.changes() and await self.is_shredded(box.org_id, box.version):
            raise SecretShredded()

    async def is_shredded(self, org_id: OrgId, version: int) -> bool:
        """Whether a version of an organisation's key was destroyed. In a transaction: see `confirm`."""
        return (await self._store.load(org_id)).shredded >= version

    async def rotate(self, org_id: OrgId) -> OrganizationKeys:
        """Add a version of an organisation's key, which encrypts from now on.

        Raises:
            MasterKeyUnreachable.
        """
        with _discreet():
            keys = await self._add(org_id, await self._store.load(org_id))
        self.forget(org_id)
        return keys

    async def rewrap(self, org_id: OrgId) -> int:
        """Wrap an organisation's key again where an older master key wraps it. Returns how many versions that were.

        Raises:
            MasterKeyWrong, MasterKeyUnreachable.
        """
        done = []
        for one in (await self._store.load(org_id)).versions:
            if one.master != self._master.name:
                bond = key_bond(org_id, one.version)
                with wiped(await self._master.unwrap(one.wrapped, one.master, bond)) as key:
                    done.append(await self._wrapped(org_id, one.version, key, one.created_us))
        if done:
            await self._store.rewrap(org_id, done)
        return len(done)

    async def shred(self, org_id: OrgId) -> OrganizationKeys:
        """Destroy the keys of an organisation: what they encrypted can no longer be decrypted, in backups neither.

        Inside a transaction of the organisation: see `confirm`.
        """
        keys = await self._store.shred(org_id, self._clock.now_us())
        self.forget(org_id)
        return keys

    async def keys(self, org_id: OrgId) -> OrganizationKeys:
        """The versions of an organisation's key, wrapped."""
        return await self._store.load(org_id)

    async def all_keys(self) -> Mapping[OrgId, OrganizationKeys]:
        """The versions of all organisations' keys, wrapped."""
        return await self._store.load_all()

    def forget(self, org_id: OrgId) -> None:
        """Remove an organisation's key from memory, when the calls that are using it have ended."""
        self._boxes.pop(org_id, None)

    async def _add(self, org_id: OrgId, keys: OrganizationKeys) -> OrganizationKeys:
        version = max(keys.newest, await self._newest_used(org_id)) + 1
        with wiped(self._ciphers.new_key()) as key:
            one = await self._wrapped(org_id, version, key, self._clock.now_us())
            added = await self._store.add(org_id, one)
            await self._master.refresh()
            if one not in added.versions or self._master.knows(one.master):
                return added
            # A rotation ended in between, and the master key that wraps this was removed.
            await self._store.rewrap(org_id, [await self._wrapped(org_id, version, key, one.created_us)])
        return await self._store.load(org_id)

    async def _wrapped(self, org_id: OrgId, version: int, key: bytearray, created_us: int) -> KeyVersion:
        wrapped = await self._master.wrap(key, key_bond(org_id, version))
        return KeyVersion(version, wrapped.master, wrapped.wrapped, created_us)

    async def _unwrapped(self, org_id: OrgId, keys: OrganizationKeys) -> dict[int, bytearray]:
        return {
            one.version: await self._master.unwrap(one.wrapped, one.master, key_bond(org_id, one.version))
            for one in keys.versions
        }


def key_bond(org_id: OrgId, version: int) -> str:
    """What a version of an organisation's key is bound to under the master key."""
    return f"organization {org_id} key {version}"
