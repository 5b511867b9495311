"""Resolves an API key to its actor, from memory after the first time.

Every restriction is checked on every call: status, expiry, overlap after a rotation, networks, single use, suspension of the
organisation. Unknown keys are cached too, so that guessing causes no look-ups; a malformed key is rejected without one. The
result of the network check is cached per key and address, because most keys are used from few addresses.

The scopes of a key are those that its root also has now. They are computed when the key is looked up, so a change of the root's
role or suspension must drop the key (`drop_root`).

A single-use key is admitted in two steps. `authenticate` only marks its actor (`is_first_use`); the edge calls `use` after all
other checks, so that a rejected call does not use up the key. In `use` the store decides which call is the first.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.database import Database, repeated_after_commit
from penstock.core.tenancy.errors import AddressNotAllowed, CredentialInvalid, KeyNotActive
from penstock.core.tenancy.key_styles import KeyStyles
from penstock.core.tenancy.models import ApiKey, KeyStatus, SingleUse
from penstock.core.tenancy.networks import is_inside
from penstock.core.tenancy.store import TenancySystemTransaction, TenancyTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import KeyId, OrgId, UserId
from penstock.kit.secret import Pepper

MAX_KNOWN = 100_000
MAX_UNKNOWN = 10_000
MAX_ADDRESSES = 64
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


class Known:
    """A cached key: its actor, and the networks from which it can be used."""

    __slots__ = ("_addresses", "_networks", "actor", "has_root", "key")

    def __init__(self, key: ApiKey, role_scopes: Mapping[str, frozenset[str]]) -> None:
        self.key = key
        self.has_root = key.has_root
        self.actor = Actor(
            org_id=key.org_id,
            kind=ActorKind.KEY,
            id=key.id,
            scopes=key.granted(role_scopes),
            name=key.name,
            calls_per_minute=key.per_minute,
            project_id=key.project_id,
            is_first_use=key.single_use is not None and key.spent_us is None,
            root_id=key.root_id,
            granted_only=key.needs_grants(role_scopes),
        )
        self._networks: Networks = tuple(ipaddress.ip_network(text) for text in key.cidrs)
        self._addresses: dict[str, bool] = {}

    def allows(self, address: str) -> bool:
        """Whether the key can be used from an address."""
        if not self._networks:
            return True
        found = self._addresses.get(address)
        if found is None:
            if len(self._addresses) >= MAX_ADDRESSES:
                self._addresses.clear()
            found = self._addresses[address] = is_inside(address, self._networks)
        return found


class KeyAuthenticator:
    """Authenticates API keys by their keyed hash. `role_scopes` are the scopes of each role, which limit a key's own."""

    def __init__(
        self,
        *,
        database: Database[TenancyTransaction, TenancySystemTransaction],
        pepper: Pepper,
        clock: Clock,
        styles: KeyStyles,
        role_scopes: Mapping[str, frozenset[str]],
    ) -> None:
        self._looks_like_key = styles.looks_like_key
        self._role_scopes = role_scopes
        self._database = database
        self._pepper = pepper
        self._clock = clock
        self._known: dict[bytes, Known] = {}
        self._digests: dict[KeyId, bytes] = {}
        self._unknown: set[bytes] = set()
        self._generation = 0
        self.used: dict[KeyId, tuple[OrgId, int, str]] = {}
        """Organisation, time and address of the latest use by key, until a worker stores them."""

    def known(self, value: bytes, address: str) -> Actor | None:
        """The actor of a key, if the key is cached and valid.

        Raises:
            KeyNotActive, AddressNotAllowed.
        """
        found = self._known.get(self._pepper.digest(value))
        return None if found is None else self._judge(found, address)

    async def authenticate(self, value: bytes, address: str) -> Actor:
        """The actor of a key.

        Raises:
            CredentialInvalid: the key does not exist.
            KeyNotActive: it is revoked, rotated, expired, spent or suspended.
            AddressNotAllowed: it must not be used from this address.
        """
        if not self._looks_like_key(value):
            raise CredentialInvalid()
        digest = self._pepper.digest(value)
        return self._judge(self._known.get(digest) or await self._look_up(digest), address)

    async def use(self, actor: Actor, address: str) -> Actor:
        """Record the first use of a single-use key, in a call that passed all other checks.

        Raises:
            KeyNotActive, AddressNotAllowed: another call was the first, or the key was revoked in the meantime.
        """
        try:
            async with self._database.transaction(actor.org_id) as tx:
                key = await tx.keys.find(actor.key_id)
                if key is None:
                    raise CredentialInvalid()
                judged = self._judge(Known(key, self._role_scopes), address)
                if judged.is_first_use:
                    await tx.keys.spend(key.id, address, self._clock.now_us())
        finally:
            # After every attempt, also one that was too late: the cached entry still shows the key as unused.
            self.drop(actor.key_id)
        return msgspec.structs.replace(judged, is_first_use=False)

    @repeated_after_commit
    def drop(self, key_id: KeyId) -> None:
        """Drop a key from the cache after it changed."""
        self._generation += 1
        digest = self._digests.pop(key_id, None)
        if digest is not None:
            self._known.pop(digest, None)

    @repeated_after_commit
    def drop_root(self, user_id: UserId) -> None:
        """Drop the keys of a user from the cache after the user or a membership changed."""
        self._generation += 1
        for key_id in [found.key.id for found in self._known.values() if found.key.root_id == user_id]:
            self.drop(key_id)

    @repeated_after_commit
    def clear(self) -> None:
        """Drop all cached keys: credentials changed in another process."""
        self._generation += 1
        self._known.clear()
        self._digests.clear()
        self._unknown.clear()

    async def _look_up(self, digest: bytes) -> Known:
        if digest in self._unknown:
            raise CredentialInvalid()
        generation = self._generation
        async with self._database.system_snapshot() as tx:
            key = await tx.credentials.find_key(digest)
        if key is None:
            if len(self._unknown) >= MAX_UNKNOWN:
                self._unknown.clear()
            if generation == self._generation:
                self._unknown.add(digest)
            raise CredentialInvalid()
        found = Known(key, self._role_scopes)
        if generation == self._generation:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
                self._digests.clear()
            self._known[digest] = found
            self._digests[key.id] = digest
        return found

    def _judge(self, found: Known, address: str) -> Actor:
        key, now_us = found.key, self._clock.now_us()
        if not key.is_usable(now_us):
            raise KeyNotActive(status=_shown(key, now_us))
        if not found.has_root:
            raise KeyNotActive(status="suspended")
        if key.single_use is SingleUse.BIND and key.spent_us is not None and address != key.used_from:
            raise AddressNotAllowed()
        if not found.allows(address):
            raise AddressNotAllowed()
        self.used[key.id] = key.org_id, now_us, address
        return found.actor


def _shown(key: ApiKey, now_us: int) -> str:
    status = key.status(now_us)
    return status.value if status is not KeyStatus.ACTIVE else KeyStatus.EXPIRED.value
