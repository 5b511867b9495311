"""The device directory: resolves ids and credentials to devices on the hot paths, from memory.

Filled on first use; an entry is dropped when its device changes. If a change commits during a look-up, the result of the look-up
is outdated. So each drop increments a generation, and a result of an earlier generation is returned but not cached. Unknown
tokens are cached too, so that guessing causes no look-ups. Both caches are bounded.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor
from penstock.core.database import Database, repeated_after_commit
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import DeviceRef, Identifier, IdentifierKind, spellings
from penstock.core.devices.store import DeviceSystemTransaction, DeviceTransaction
from penstock.kit.ids import DeviceId, OrgId, Prefix, ResidentId, RuleId, encode
from penstock.kit.secret import Pepper, well_formed

TOKEN_PREFIX = "tok_"  # noqa: S105  (the prefix of a token, not a token)
MAX_KNOWN = 200_000
MAX_UNKNOWN = 10_000


class DeviceDirectory:
    """Devices by id, by access token and by EUI."""

    def __init__(self, database: Database[DeviceTransaction, DeviceSystemTransaction], pepper: Pepper) -> None:
        self._database = database
        self._pepper = pepper
        self._by_id: dict[DeviceId, DeviceRef] = {}
        self._by_token: dict[bytes, DeviceRef] = {}
        self._tokens: dict[DeviceId, bytes] = {}
        self._by_eui: dict[tuple[OrgId, str], DeviceRef] = {}
        self._euis: dict[DeviceId, list[tuple[OrgId, str]]] = {}
        self._unknown: set[bytes] = set()
        self._generation = 0
        self._listeners: list[Callable[[DeviceId], None]] = []
        self._followers: list[Callable[[DeviceId, tuple[RuleId, ...]], None]] = []

    def subscribe(self, listener: Callable[[DeviceId], None]) -> None:
        """Call `listener` with the id of each dropped device: it was changed, re-keyed or deleted."""
        self._listeners.append(listener)

    def follow(self, follower: Callable[[DeviceId, tuple[RuleId, ...]], None]) -> None:
        """Call `follower` as `subscribe` does, also with the rules that led to the change."""
        self._followers.append(follower)

    def known(self, org_id: OrgId, device_id: DeviceId) -> DeviceRef | None:
        """The device, if it is cached and belongs to the organisation."""
        ref = self._by_id.get(device_id)
        return ref if ref is not None and ref.org_id == org_id else None

    async def get(self, org_id: OrgId, device_id: DeviceId) -> DeviceRef:
        """The device with this id.

        Raises:
            DeviceNotFound: the organisation has no device with this id.
        """
        ref = self._by_id.get(device_id)
        if ref is None:
            generation = self._generation
            async with self._database.snapshot(org_id) as tx:
                ref = await tx.devices.find_ref(device_id)
            if ref is not None and generation == self._generation:
                self._keep(ref)
        # The cache contains devices of all organisations, so a cached one may be another organisation's.
        if ref is None or ref.org_id != org_id:
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
        return ref

    async def reach(self, actor: Actor, device_id: DeviceId) -> DeviceRef:
        """The device with this id, if the caller can access it.

        Raises:
            DeviceNotFound: no such device is visible to the caller.
        """
        found = await self.get(actor.org_id, device_id)
        if not actor.reaches(found.project_id):
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
        if actor.resident_id is not None or actor.customer_id is not None:
            await self.bounded(actor, device_id)
        return found

    async def bounded(self, actor: Actor, device_id: DeviceId) -> Actor:
        """The caller, a resident or a customer's manager, with the time since when a device has been theirs.

        Raises:
            DeviceNotFound: the device is not assigned to the resident, or placed with the customer.
        """
        # Never cached: access must end with the next call after the device is assigned or placed elsewhere.
        async with self._database.snapshot(actor.org_id) as tx:
            if actor.customer_id is not None:
                assigned_us = await tx.placements.placed_us(device_id, actor.customer_id)
            else:
                assigned_us = await tx.placements.assigned_us(device_id, actor.resident_id or ResidentId(0))
        if assigned_us is None:
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
        return msgspec.structs.replace(actor, assigned_us=assigned_us)

    async def get_by_name(self, org_id: OrgId, name: str) -> DeviceRef:
        """The one device with this value as an identifier of any kind. EUIs and MAC addresses match in any notation.

        Raises:
            DeviceNotFound: the organisation has no such device, or more than one.
        """
        async with self._database.snapshot(org_id) as tx:
            # A set, because one device can match in two notations.
            found = {device_id for text in spellings(name) for device_id in await tx.devices.find_ids_by_value(text)}
        if len(found) != 1:
            raise DeviceNotFound(device_id=name[:64])
        return await self.get(org_id, found.pop())

    def find_cached_by_eui(self, org_id: OrgId, eui: str) -> DeviceRef | None:
        """The device with this normalised EUI, if it is cached."""
        return self._by_eui.get((org_id, eui))

    async def find_by_eui(self, org_id: OrgId, eui: str) -> DeviceRef | None:
        """The device with this normalised EUI. Unknown EUIs are not cached: a device with one may be registered at any time."""
        known = self._by_eui.get((org_id, eui))
        if known is not None:
            return known
        generation = self._generation
        async with self._database.snapshot(org_id) as tx:
            found = await tx.devices.find_by_identifier(Identifier(kind=IdentifierKind.EUI, value=eui))
        if found is None:
            return None
        ref = found.ref()
        if generation == self._generation:
            if len(self._by_eui) >= MAX_KNOWN:
                self._by_eui.clear()
                self._euis.clear()
            self._by_eui[org_id, eui] = ref
            self._euis.setdefault(ref.id, []).append((org_id, eui))
            self._keep(ref)
        return ref

    def find_cached_by_token(self, token: bytes) -> DeviceRef | None:
        """The device with this access token, if it is cached."""
        return self._by_token.get(self._pepper.digest(token))

    async def find_by_token(self, token: bytes) -> DeviceRef | None:
        """The device with this access token."""
        if not well_formed(token.decode("latin-1"), TOKEN_PREFIX):
            return None
        return await self.find_by_digest(self._pepper.digest(token))

    def find_cached_by_digest(self, digest: bytes) -> DeviceRef | None:
        """The device whose access token has this digest, if it is cached."""
        return self._by_token.get(digest)

    def digest(self, token: bytes) -> bytes:
        """The keyed hash of an access token, for use where the token itself must not be stored."""
        return self._pepper.digest(token)

    async def find_by_digest(self, digest: bytes) -> DeviceRef | None:
        """The device whose access token has this digest."""
        ref = self._by_token.get(digest)
        if ref is not None or digest in self._unknown:
            return ref
        generation = self._generation
        async with self._database.system_snapshot() as tx:
            found = await tx.credentials.find_device_id(digest)
            ref = await tx.for_organization(found[0]).devices.find_ref(found[1]) if found else None
        if generation == self._generation:
            self._remember(digest, ref)
        return ref

    @repeated_after_commit
    def drop(self, device_id: DeviceId, chain: tuple[RuleId, ...] = ()) -> None:
        """Drop a device from the cache after a change, to which `chain` led; the next look-up reads it again."""
        self._generation += 1
        self._by_id.pop(device_id, None)
        digest = self._tokens.pop(device_id, None)
        if digest is not None:
            self._by_token.pop(digest, None)
        for name in self._euis.pop(device_id, ()):
            self._by_eui.pop(name, None)
        # Only now: a listener that looks the device up must not find it in the cache.
        for listener in self._listeners:
            listener(device_id)
        for follower in self._followers:
            follower(device_id, chain)

    def _keep(self, ref: DeviceRef) -> None:
        if len(self._by_id) >= MAX_KNOWN:
            self._by_id.clear()
        self._by_id[ref.id] = ref

    def _remember(self, digest: bytes, ref: DeviceRef | None) -> None:
        if ref is None:
            if len(self._unknown) >= MAX_UNKNOWN:
                self._unknown.clear()
            self._unknown.add(digest)
            return
        if len(self._by_token) >= MAX_KNOWN:
            self._by_token.clear()
            self._tokens.clear()
        self._by_token[digest] = ref
        self._tokens[ref.id] = digest
        self._keep(ref)
