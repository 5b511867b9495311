"""Use cases on devices identified by their EUI: register, list, assign, mark."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.customers.config import CustomersConfig
from penstock.core.customers.models import Mark, PlacedDevice, Placement, Standing
from penstock.core.customers.service import get_customer
from penstock.core.customers.store import CustomerTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Device, Identifier, IdentifierKind, NewDevice, normalize_identifier
from penstock.core.devices.service import DeviceService
from penstock.core.limits.periods import month_of
from penstock.core.people.errors import ResidentNotFound
from penstock.core.telemetry.latest import LatestReadings
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import CustomerId, DeviceId, Prefix, ResidentId, encode

BATCH = 1_000
"""The maximum number of devices that one call registers."""


class PlacementService:
    """Devices as resellers of metering see them. Names are EUIs in any case."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[CustomerTransaction],
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

    async def register(self, actor: Actor, eui: str, name: str, device_type: str) -> PlacedDevice:
        """Register a device with an EUI. It receives the uplinks stored for the EUI, and the customer they were routed to.

        Raises:
            InvalidInput: the EUI is malformed.
            IdentifierTaken, DeviceLimitReached, ProjectNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            return await self._register(tx, actor, _eui(eui), name, device_type)

    async def register_pending(self, actor: Actor, customer_id: CustomerId) -> tuple[list[PlacedDevice], bool]:
        """Register the unregistered devices that were routed to a customer, as water meters. Returns whether there are more.

        Registers none if the plan's limit does not allow all.

        Raises:
            CustomerNotFound, DeviceLimitReached.
        """
        async with self._database.transaction(actor.org_id) as tx:
            await get_customer(tx, customer_id)
            pending = await tx.unregistered.list(customer_id, BATCH + 1, "")
            made = [
                await self._register(tx, actor, _eui(one.eui), one.device_name or one.eui, "water_meter")
                for one in pending[:BATCH]
            ]
            return made, len(pending) > BATCH

    async def get(self, actor: Actor, eui: str) -> PlacedDevice:
        """One device.

        Raises:
            InvalidInput: the EUI is malformed.
            DeviceNotFound: no device of the organisation has it.
        """
        identifier = _eui(eui)
        async with self._database.snapshot(actor.org_id) as tx:
            return self._seen(await _get(tx, actor, identifier))

    async def page(self, actor: Actor, standing: Standing | None, limit: int, offset: int) -> list[PlacedDevice]:
        """Devices that have an EUI, newest first, of all or one standing."""
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.placements.page(standing, self._clock.now_us(), self._offline_after_us, limit, offset)
        return [self._seen(one) for one in found]

    async def assign(self, actor: Actor, eui: str, resident_id: ResidentId) -> PlacedDevice:
        """Assign a device to a resident, and thereby to the resident's customer.

        Raises:
            InvalidInput: the EUI is malformed.
            DeviceNotFound, ResidentNotFound.
        """
        identifier = _eui(eui)
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, actor, identifier)
            resident = await tx.residents.find(resident_id)
            if resident is None:
                raise ResidentNotFound(resident_id=encode(Prefix.RESIDENT, resident_id))
            placement = msgspec.structs.replace(found.placement, customer_id=resident.customer_id, resident_id=resident_id)
            await self._place(tx, found.device.id, placement)
            await self._trail.record(tx, actor, "device.assign", _target(found.device), resident=resident.name)
        return self._seen(msgspec.structs.replace(found, placement=placement))

    async def mark(self, actor: Actor, eui: str, standing: Standing) -> PlacedDevice:
        """Set the standing of a device. `online` removes an earlier mark.

        Raises:
            InvalidInput: the EUI is malformed.
            DeviceNotFound.
        """
        identifier = _eui(eui)
        async with self._database.transaction(actor.org_id) as tx:
            return await self._mark(tx, actor, await _get(tx, actor, identifier), standing)

    async def get_by_id(self, actor: Actor, device_id: DeviceId) -> PlacedDevice:
        """One device, by its id.

        Raises:
            DeviceNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return self._seen(await _get_by_id(tx, actor, device_id))

    async def mark_by_id(self, actor: Actor, device_id: DeviceId, standing: Standing) -> PlacedDevice:
        """Set the standing of a device, by its id.

        Raises:
            DeviceNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            return await self._mark(tx, actor, await _get_by_id(tx, actor, device_id), standing)

    async def place(
        self, actor: Actor, device_id: DeviceId, customer_id: CustomerId | None, resident_id: ResidentId | None
    ) -> PlacedDevice:
        """Assign a device to a customer, to a resident and their customer, or to neither.

        Raises:
            DeviceNotFound, CustomerNotFound.
            ResidentNotFound: also if they belong to another customer than the named one.
        """
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get_by_id(tx, actor, device_id)
            if customer_id is not None:
                await get_customer(tx, customer_id)
            if resident_id is not None:
                resident = await tx.residents.find(resident_id)
                if resident is None or customer_id not in (None, resident.customer_id):
                    raise ResidentNotFound(resident_id=encode(Prefix.RESIDENT, resident_id))
                customer_id = resident.customer_id
            placement = msgspec.structs.replace(found.placement, customer_id=customer_id, resident_id=resident_id)
            await self._place(tx, device_id, placement)
            before, after = _places(found.placement), _places(placement)
            await self._trail.record(tx, actor, "device.place", _target(found.device), before=before, after=after)
        return self._seen(msgspec.structs.replace(found, placement=placement))

    def standing(self, found: PlacedDevice) -> Standing:
        """The current standing of a device."""
        return found.standing(self._clock.now_us(), self._offline_after_us)

    async def _mark(self, tx: CustomerTransaction, actor: Actor, found: PlacedDevice, standing: Standing) -> PlacedDevice:
        mark = None if standing is Standing.ONLINE else Mark(standing.value)
        marked_us = None if mark is None else self._clock.now_us()
        placement = msgspec.structs.replace(found.placement, mark=mark, marked_us=marked_us)
        await self._place(tx, found.device.id, placement)
        await self._trail.record(tx, actor, "device.mark", _target(found.device), status=standing.value)
        return self._seen(msgspec.structs.replace(found, placement=placement))

    async def _register(
        self, tx: CustomerTransaction, actor: Actor, identifier: Identifier, name: str, device_type: str
    ) -> PlacedDevice:
        new_device = NewDevice(name=name, type=device_type, identifiers=[identifier])
        device = (await self._devices.create_in(tx, actor, new_device)).device
        # Still there, although the device exists: a follower moves the stored uplinks to it after the commit.
        waiting = await tx.unregistered.find(identifier.value)
        placement = Placement(customer_id=waiting.customer_id if waiting else None)
        if placement.customer_id is not None:
            await self._place(tx, device.id, placement)
        await self._trail.record(tx, actor, "device.register", _target(device), eui=identifier.value)
        return PlacedDevice(device=device, placement=placement)

    async def _place(self, tx: CustomerTransaction, device_id: DeviceId, placement: Placement) -> None:
        """Store a placement, also for the bill: a device is billed to the customer it was last assigned to in a month."""
        await tx.placements.set(device_id, placement)
        # Only in the current month: earlier months are billed as they ended, even if they have no statement yet.
        await tx.bills.move_device(device_id, placement.customer_id, month_of(self._clock.now_us())[0])

    def _seen(self, found: PlacedDevice) -> PlacedDevice:
        return msgspec.structs.replace(found, device=self._latest.with_last_seen(found.device))


def _eui(text: str) -> Identifier:
    return normalize_identifier(Identifier(kind=IdentifierKind.EUI, value=text), "dev_eui")


async def _get(tx: CustomerTransaction, actor: Actor, identifier: Identifier) -> PlacedDevice:
    device = await tx.devices.find_by_identifier(identifier)
    if device is None or not actor.reaches(device.project_id):
        raise DeviceNotFound(device_id=identifier.value)
    return PlacedDevice(device=device, placement=await tx.placements.find(device.id))


async def _get_by_id(tx: CustomerTransaction, actor: Actor, device_id: DeviceId) -> PlacedDevice:
    device = await tx.devices.find(device_id)
    if device is None or not actor.reaches(device.project_id):
        raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
    return PlacedDevice(device=device, placement=await tx.placements.find(device.id))


def _places(placement: Placement) -> dict[str, object]:
    """The facts about a placement in the audit log."""
    customer_id, resident_id = placement.customer_id, placement.resident_id
    return {
        "customer": None if customer_id is None else encode(Prefix.CUSTOMER, customer_id),
        "resident": None if resident_id is None else encode(Prefix.RESIDENT, resident_id),
    }


def _target(device: Device) -> Target:
    return Target("device", encode(Prefix.DEVICE, device.id), device.name)
