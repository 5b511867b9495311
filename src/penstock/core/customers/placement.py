"""Use cases on devices identified by their EUI: register, list, assign, mark."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.customers.config import CustomersConfig
from penstock.core.customers.models import Mark, PlacedDevice, Placement, Resident, Standing
from penstock.core.customers.periods import Period, Place, changed, current_place, first_difference_us
from penstock.core.customers.service import get_customer
from penstock.core.customers.store import CustomerTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Device, Identifier, IdentifierKind, NewDevice, normalize_identifier
from penstock.core.devices.service import DeviceService
from penstock.core.limits.periods import month_of
from penstock.core.people.errors import ResidentNotFound
from penstock.core.telemetry.latest import LatestReadings
from penstock.kit.clock import SECOND_US, Clock, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CustomerId, DeviceId, OrgId, Prefix, ResidentId, encode
from penstock.kit.paging import Page, decode_cursor, page_of

BATCH = 1_000
"""The maximum number of devices that one call registers."""
PastChanged = Callable[[CustomerTransaction, DeviceId, int], Awaitable[None]]
"""Called in the transaction that changes who a device belonged to, with the earliest time that the change affects."""


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
        on_past_changed: PastChanged,
    ) -> None:
        self._on_past_changed = on_past_changed
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

    async def assign(self, actor: Actor, eui: str, resident_id: ResidentId | None) -> PlacedDevice:
        """Assign a device to a resident, and thereby to the resident's customer; None unassigns it, and it keeps its customer.

        Raises:
            InvalidInput: the EUI is malformed.
            DeviceNotFound, ResidentNotFound.
        """
        identifier = _eui(eui)
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, actor, identifier)
            customer_id = found.placement.customer_id if resident_id is None else None
            place, resident = await _place_of(tx, customer_id, resident_id)
            placed = await self._move(tx, found, place, None)
            facts: dict[str, Any] = {"resident": resident.name if resident else None, "from": _time(placed.since_us)}
            await self._trail.record(tx, actor, "device.assign", _target(found.device), **facts)
        return self._seen(placed)

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
        self,
        actor: Actor,
        device_id: DeviceId,
        customer_id: CustomerId | None,
        resident_id: ResidentId | None,
        from_us: int | None = None,
    ) -> PlacedDevice:
        """Assign a device to a customer, to a resident and their customer, or to neither, from a time on.

        A time in the past replaces what was recorded after it.

        Raises:
            DeviceNotFound, CustomerNotFound.
            ResidentNotFound: also if they belong to another customer than the named one.
            InvalidInput: the time is in the future.
        """
        if from_us is not None and from_us > self._clock.now_us():
            raise InvalidInput.field("from", "must not be in the future")
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get_by_id(tx, actor, device_id)
            place, _ = await _place_of(tx, customer_id, resident_id)
            placed = await self._move(tx, found, place, from_us)
            before, after = _places(found), _places(placed)
            await self._trail.record(tx, actor, "device.place", _target(found.device), before=before, after=after)
        return self._seen(placed)

    async def place_first(self, org_id: OrgId, device_id: DeviceId, customer_id: CustomerId) -> None:
        """Place a device with a customer, if it still exists, as the customer does, and never had a placement."""
        actor = Actor.system(org_id)
        async with self._database.transaction(org_id) as tx:
            device = await tx.devices.find(device_id)
            known = await tx.customers.find(customer_id) is not None
            if device is None or not known or await tx.placements.periods_of_device(device_id):
                return
            found = PlacedDevice(device=device, placement=await tx.placements.find(device_id))
            placed = await self._move(tx, found, Place(customer_id=customer_id), None)
            before, after = _places(found), _places(placed)
            await self._trail.record(tx, actor, "device.place", _target(device), before=before, after=after)

    async def history(self, actor: Actor, device_id: DeviceId, limit: int, cursor: str | None) -> Page[Period]:
        """Where a device was placed, latest first.

        Raises:
            DeviceNotFound.
        """
        before = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            await _get_by_id(tx, actor, device_id)
            periods = await tx.placements.periods_of_device(device_id)
        # A history is a few entries, so that it is read whole.
        found = [one for one in reversed(periods) if before is None or one.from_us < before[0]]
        return page_of(found[: limit + 1], limit, lambda last: (last.from_us,))

    def standing(self, found: PlacedDevice) -> Standing:
        """The current standing of a device."""
        return found.standing(self._clock.now_us(), self._offline_after_us)

    async def _mark(self, tx: CustomerTransaction, actor: Actor, found: PlacedDevice, standing: Standing) -> PlacedDevice:
        mark = None if standing is Standing.ONLINE else Mark(standing.value)
        marked_us = None if mark is None else self._clock.now_us()
        placement = msgspec.structs.replace(found.placement, mark=mark, marked_us=marked_us)
        await tx.placements.set(found.device.id, placement)
        await self._trail.record(tx, actor, "device.mark", _target(found.device), status=standing.value)
        return self._seen(msgspec.structs.replace(found, placement=placement))

    async def _register(
        self, tx: CustomerTransaction, actor: Actor, identifier: Identifier, name: str, device_type: str
    ) -> PlacedDevice:
        new_device = NewDevice(name=name, type=device_type, identifiers=[identifier])
        device = (await self._devices.create_in(tx, actor, new_device)).device
        # Still there, although the device exists: a follower moves the stored uplinks to it after the commit.
        waiting = await tx.unregistered.find(identifier.value)
        placed = PlacedDevice(device=device, placement=Placement())
        if waiting is not None and waiting.customer_id is not None:
            placed = await self._move(tx, placed, Place(customer_id=waiting.customer_id), None)
        await self._trail.record(tx, actor, "device.register", _target(device), eui=identifier.value)
        return placed

    async def _move(self, tx: CustomerTransaction, found: PlacedDevice, place: Place, from_us: int | None) -> PlacedDevice:
        """Store where a device is from a time on, also for the bill: it is billed to its last customer in a month."""
        device_id, now_us = found.device.id, self._clock.now_us()
        before = await tx.placements.periods_of_device(device_id)
        after = changed(before, device_id, place, from_us, now_us)
        differs_us = first_difference_us(before, after)
        if differs_us is not None:
            await tx.placements.replace_periods(device_id, after)
            if differs_us < now_us:
                await self._on_past_changed(tx, device_id, differs_us)
        placement = msgspec.structs.replace(found.placement, customer_id=place.customer_id, resident_id=place.resident_id)
        await tx.placements.set(device_id, placement)
        # Only in the current month: earlier months are billed as they ended, even if they have no statement yet.
        await tx.bills.move_device(device_id, place.customer_id, month_of(now_us)[0])
        return msgspec.structs.replace(found, placement=placement, since_us=_since_us(after))

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
    placement = await tx.placements.find(device_id)
    since_us = None if placement.customer_id is None else _since_us(await tx.placements.periods_of_device(device_id))
    return PlacedDevice(device=device, placement=placement, since_us=since_us)


async def _place_of(
    tx: CustomerTransaction, customer_id: CustomerId | None, resident_id: ResidentId | None
) -> tuple[Place, Resident | None]:
    """The place that a caller named, and its resident.

    Raises:
        CustomerNotFound.
        ResidentNotFound: also if they belong to another customer than the named one.
    """
    if customer_id is not None:
        await get_customer(tx, customer_id)
    if resident_id is None:
        return Place(customer_id=customer_id), None
    resident = await tx.residents.find(resident_id)
    if resident is None or customer_id not in (None, resident.customer_id):
        raise ResidentNotFound(resident_id=encode(Prefix.RESIDENT, resident_id))
    return Place(customer_id=resident.customer_id, resident_id=resident_id), resident


def _since_us(history: list[Period]) -> int | None:
    """When the current placement began."""
    return history[-1].from_us if current_place(history) != Place() else None


def _places(found: PlacedDevice) -> dict[str, object]:
    """The facts about a placement in the audit log."""
    customer_id, resident_id = found.placement.customer_id, found.placement.resident_id
    return {
        "customer": None if customer_id is None else encode(Prefix.CUSTOMER, customer_id),
        "resident": None if resident_id is None else encode(Prefix.RESIDENT, resident_id),
        "from": _time(found.since_us),
    }


def _time(since_us: int | None) -> str | None:
    return format_time(since_us) if since_us else None


def _target(device: Device) -> Target:
    return Target("device", encode(Prefix.DEVICE, device.id), device.name)
