"""The device directory: who is who on the hot paths, from memory.

Filled on first use and dropped when a device changes. A change that commits while a look-up is under way would leave an
old answer behind, so each drop moves a generation on, and an answer of an earlier generation is used but not kept.
Unknown tokens are remembered too, so that a guesser costs no look-ups; both memories are bounded.
"""

from __future__ import annotations

from collections.abc import Callable

from penstock.core.actor import Actor
from penstock.core.database import Database
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import DeviceRef, Identifier, IdentifierKind, spellings
from penstock.core.devices.store import DeviceSystemTransaction, DeviceTransaction
from penstock.kit.ids import DeviceId, OrgId, Prefix, encode
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

    def subscribe(self, listener: Callable[[DeviceId], None]) -> None:
        """Call `listener` with the id of each device that is dropped: it was changed, re-keyed or deleted."""
        self._listeners.append(listener)

    def known(self, org_id: OrgId, device_id: DeviceId) -> DeviceRef | None:
        """The device, if it is in memory and the organisation's."""
        ref = self._by_id.get(device_id)
        return ref if ref is not None and ref.org_id == org_id else None

    async def get(self, org_id: OrgId, device_id: DeviceId) -> DeviceRef:
        """The device with this id.

        Raises:
            DeviceNotFound: there is none in this organisation.
        """
        ref = self._by_id.get(device_id)
        if ref is None:
            generation = self._generation
            async with self._database.snapshot(org_id) as tx:
                ref = await tx.devices.find_ref(device_id)
            if ref is not None and generation == self._generation:
                self._keep(ref)
        if ref is None or ref.org_id != org_id:
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
        return ref

    async def reach(self, actor: Actor, device_id: DeviceId) -> DeviceRef:
        """The device with this id, within the bounds of who asks.

        Raises:
            DeviceNotFound: there is none, as far as they can see.
        """
        found = await self.get(actor.org_id, device_id)
        if not actor.reaches(found.project_id):
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
        if actor.resident_id is not None:
            async with self._database.snapshot(actor.org_id) as tx:
                assigned = await tx.placements.find(device_id)
            if assigned.resident_id != actor.resident_id:
                raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
        return found

    async def get_by_name(self, org_id: OrgId, name: str) -> DeviceRef:
        """The one device known by this text under any kind of identifier, however EUI and MAC address are spelled.

        Raises:
            DeviceNotFound: there is none in this organisation, or more than one.
        """
        async with self._database.snapshot(org_id) as tx:
            found = {device_id for text in spellings(name) for device_id in await tx.devices.find_ids_by_value(text)}
        if len(found) != 1:
            raise DeviceNotFound(device_id=name[:64])
        return await self.get(org_id, found.pop())

    def known_by_eui(self, org_id: OrgId, eui: str) -> DeviceRef | None:
        """The device with an EUI, in its one spelling, if it is in memory."""
        return self._by_eui.get((org_id, eui))

    async def find_by_eui(self, org_id: OrgId, eui: str) -> DeviceRef | None:
        """The device with an EUI, in its one spelling. That nobody has one is not remembered: it may be registered any time."""
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

    def known_by_token(self, token: bytes) -> DeviceRef | None:
        """The device whose access token this is, if it is in memory."""
        return self._by_token.get(self._pepper.digest(token))

    async def find_by_token(self, token: bytes) -> DeviceRef | None:
        """The device whose access token this is."""
        if not well_formed(token.decode("latin-1"), TOKEN_PREFIX):
            return None
        return await self.find_by_digest(self._pepper.digest(token))

    def known_by_digest(self, digest: bytes) -> DeviceRef | None:
        """The device whose access token has this digest, if it is in memory."""
        return self._by_token.get(digest)

    def digest(self, token: bytes) -> bytes:
        """What stands for an access token where the token itself should not be kept."""
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

    def drop(self, device_id: DeviceId) -> None:
        """Forget a device after it changed: the next look-up reads it anew."""
        self._generation += 1
        self._by_id.pop(device_id, None)
        digest = self._tokens.pop(device_id, None)
        if digest is not None:
            self._by_token.pop(digest, None)
        for name in self._euis.pop(device_id, ()):
            self._by_eui.pop(name, None)
        for listener in self._listeners:
            listener(device_id)

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
