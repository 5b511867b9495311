"""Use cases on devices that are known by their EUI: register, list, place, mark."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.customers.config import CustomersConfig
from penstock.core.customers.errors import ResidentNotFound
from penstock.core.customers.models import Mark, PlacedDevice, Placement, Standing
from penstock.core.customers.service import get_customer
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Device, Identifier, IdentifierKind, NewDevice, normalize_identifier
from penstock.core.devices.service import DeviceService
from penstock.core.ports import Database, Transaction
from penstock.core.telemetry.latest import LatestReadings
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import Prefix, encode

BATCH = 1_000
"""Devices that are registered by one call at most."""


class PlacementService:
    """Devices as whoever looks after meters sees them. Names are EUIs in any case."""

    def __init__(
        self,
        *,
        database: Database,
        devices: DeviceService,
        latest: LatestReadings,
        trail: AuditTrail,
        clock: Clock,
        config: CustomersConfig,
    ) -> None:
        self._database = database
        self._devices = devices
        self._latest = latest
        self._trail = trail
        self._clock = clock
        self._offline_after_us = config.offline_after_s * SECOND_US

    @property
    def online_since_us(self) -> int:
        """Whoever was heard of since then is online."""
        return self._clock.now_us() - self._offline_after_us

    async def register(self, actor: Actor, eui: str, name: str, device_type: str) -> PlacedDevice:
        """Make a device of an EUI. What it said before follows it, and so does the customer it was routed to.

        Raises:
            InvalidInput: the EUI is none.
            IdentifierTaken, DeviceLimitReached, ProjectNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            return await self._register(tx, actor, _eui(eui), name, device_type)

    async def register_pending(self, actor: Actor, customer_id: int) -> list[PlacedDevice]:
        """Register the devices that were routed to a customer and are not registered yet, as meters of water.

        All of them or, where the plan has no room, none.

        Raises:
            CustomerNotFound, DeviceLimitReached.
        """
        async with self._database.transaction(actor.org_id) as tx:
            await get_customer(tx, customer_id)
            pending = await tx.unregistered.list(customer_id, BATCH, "")
            return [await self._register(tx, actor, _eui(one.eui), one.device_name or one.eui, "water_meter") for one in pending]

    async def get(self, actor: Actor, eui: str) -> PlacedDevice:
        """One device.

        Raises:
            InvalidInput: the EUI is none.
            DeviceNotFound: nobody of the organisation has it.
        """
        identifier = _eui(eui)
        async with self._database.snapshot(actor.org_id) as tx:
            return self._seen(await _get(tx, actor, identifier))

    async def page(self, actor: Actor, standing: Standing | None, limit: int, offset: int) -> list[PlacedDevice]:
        """Devices that have an EUI, newest first, all or those of one standing."""
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.placements.page(standing, self.online_since_us, limit, offset)
        return [self._seen(one) for one in found]

    async def assign(self, actor: Actor, eui: str, resident_id: int) -> PlacedDevice:
        """Give a device to a resident, and with it to the resident's customer.

        Raises:
            InvalidInput: the EUI is none.
            DeviceNotFound, ResidentNotFound.
        """
        identifier = _eui(eui)
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, actor, identifier)
            resident = await tx.residents.find(resident_id)
            if resident is None:
                raise ResidentNotFound(resident_id=encode(Prefix.RESIDENT, resident_id))
            placement = msgspec.structs.replace(found.placement, customer_id=resident.customer_id, resident_id=resident_id)
            await tx.placements.set(found.device.id, placement)
            await self._trail.note(tx, actor, "device.assign", _target(found.device), resident=resident.name)
        return self._seen(msgspec.structs.replace(found, placement=placement))

    async def mark(self, actor: Actor, eui: str, standing: Standing) -> PlacedDevice:
        """Say how a device stands. `online` takes back what was said before.

        Raises:
            InvalidInput: the EUI is none.
            DeviceNotFound.
        """
        identifier = _eui(eui)
        mark = None if standing is Standing.ONLINE else Mark(standing.value)
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, actor, identifier)
            marked_us = None if mark is None else self._clock.now_us()
            placement = msgspec.structs.replace(found.placement, mark=mark, marked_us=marked_us)
            await tx.placements.set(found.device.id, placement)
            await self._trail.note(tx, actor, "device.mark", _target(found.device), status=standing.value)
        return self._seen(msgspec.structs.replace(found, placement=placement))

    async def _register(self, tx: Transaction, actor: Actor, identifier: Identifier, name: str, device_type: str) -> PlacedDevice:
        wanted = NewDevice(name=name, type=device_type, identifiers=[identifier])
        device = (await self._devices.create_in(tx, actor, wanted)).device
        waiting = await tx.unregistered.find(identifier.value)
        placement = Placement(customer_id=waiting.customer_id if waiting else None)
        if placement.customer_id is not None:
            await tx.placements.set(device.id, placement)
        await self._trail.note(tx, actor, "device.register", _target(device), eui=identifier.value)
        return PlacedDevice(device=device, placement=placement)

    def _seen(self, found: PlacedDevice) -> PlacedDevice:
        return msgspec.structs.replace(found, device=self._latest.with_last_seen(found.device))


def _eui(text: str) -> Identifier:
    return normalize_identifier(Identifier(kind=IdentifierKind.EUI, value=text), "dev_eui")


async def _get(tx: Transaction, actor: Actor, identifier: Identifier) -> PlacedDevice:
    device = await tx.devices.find_by_identifier(identifier)
    if device is None or not actor.reaches(device.project_id):
        raise DeviceNotFound(device_id=identifier.value)
    return PlacedDevice(device=device, placement=await tx.placements.find(device.id))


def _target(device: Device) -> Target:
    return Target("device", encode(Prefix.DEVICE, device.id), device.name)
