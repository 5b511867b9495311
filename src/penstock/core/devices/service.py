"""Use cases on devices, in CRUD order. The API layer checks the caller's scopes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices import audited, events
from penstock.core.devices.directory import TOKEN_PREFIX, DeviceDirectory
from penstock.core.devices.errors import DeviceLimitReached, DeviceNotFound
from penstock.core.devices.models import (
    Connectivity,
    CreatedDevice,
    Device,
    DeviceFilter,
    DevicePatch,
    DeviceSort,
    DeviceStatus,
    FleetSummary,
    Identifier,
    NewDevice,
    Sensor,
    normalize_identifier,
)
from penstock.core.devices.store import DeviceTransaction
from penstock.core.idempotency import IdempotencyKey
from penstock.core.licenses.models import License
from penstock.core.profiles.service import get_profile
from penstock.core.registers.models import BEGINNING_US
from penstock.core.sensor import NewSensor
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in, same_fields
from penstock.kit.ids import CustomerId, DeviceId, IdSource, Prefix, ProfileId, ProjectId, SensorId, encode
from penstock.kit.paging import Page, decode_cursor, page_of
from penstock.kit.secret import SHOWN_PREFIX, Pepper, hides, new_credential, new_hex

MAX_IDENTIFIERS = 16
_NOTED = ("project_id", "type", "identifiers")
"""What the audit log shows of a new device."""


@hides("created")
class PreparedDevice(msgspec.Struct, frozen=True):
    """A device that can be created, with all its sensors."""

    created: CreatedDevice
    sensors: list[NewSensor]


_CURSORS: dict[DeviceSort, Any] = {
    DeviceSort.NEWEST: tuple[str, int],
    DeviceSort.OLDEST: tuple[str, int],
    DeviceSort.NAME: tuple[str, str, int],
    DeviceSort.NAME_REVERSED: tuple[str, str, int],
    DeviceSort.LONGEST_UNSEEN: tuple[str, int, int],
    DeviceSort.LAST_SEEN: tuple[str, int, int],
}
"""A cursor has the order that it belongs to, and the position of a page's last device in it."""


class DeviceService:
    """Devices of an organisation."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[DeviceTransaction],
        directory: DeviceDirectory,
        plans: PlanCatalogue,
        pepper: Pepper,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        offline_after_us: int,
    ) -> None:
        self._database = database
        self._directory = directory
        self._plans = plans
        self._pepper = pepper
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self.offline_after_us = offline_after_us

    async def create(self, actor: Actor, new: NewDevice) -> CreatedDevice:
        """Create a device with its access token, which only this response contains.

        Raises:
            ProjectNotFound, ProfileNotFound, IdentifierTaken, DeviceLimitReached.
        """
        async with self._database.transaction(actor.org_id) as tx:
            return await self.create_in(tx, actor, new)

    async def create_in(self, tx: DeviceTransaction, actor: Actor, new: NewDevice) -> CreatedDevice:
        """Create a device within a larger use case.

        Raises:
            ProjectNotFound, ProfileNotFound, IdentifierTaken, DeviceLimitReached.
        """
        limit = (await self._plans.of(actor.org_id)).device_limit
        # Paused devices count as well, or creating and pausing in turn would exceed any limit.
        if limit is not None:
            await _check_room(tx, DeviceFilter(), limit)
        return await self._create(tx, actor, new)

    async def limit_of(self, actor: Actor) -> int | None:
        """How many devices the plan allows; None without a limit."""
        return (await self._plans.of(actor.org_id)).device_limit

    async def prepare(self, tx: DeviceTransaction, actor: Actor, new: NewDevice) -> PreparedDevice:
        """Check a device and give it its id and token; nothing is written.

        Raises:
            ProjectNotFound, ProfileNotFound, InvalidInput.
        """
        now_us = self._clock.now_us()
        token = new_credential(TOKEN_PREFIX)
        project_id = await _project(tx, actor, new.project_id)
        new = msgspec.structs.replace(new, identifiers=_identifiers(new.identifiers))
        _check_sensors(new.sensors)
        device = Device(
            **same_fields(new, Device),
            id=self._ids.next(DeviceId),
            org_id=actor.org_id,
            project_id=project_id,
            status=DeviceStatus.ACTIVE,
            token_prefix=token[:SHOWN_PREFIX],
            last_seen_us=None,
            created_us=now_us,
            updated_us=now_us,
        )
        device, taken_over = await _with_profile(tx, actor, device, new.profile_id)
        return PreparedDevice(CreatedDevice(device=device, access_token=token), [*new.sensors, *taken_over])

    async def create_all(self, tx: DeviceTransaction, actor: Actor, prepared: Sequence[PreparedDevice]) -> None:
        """Create devices within a larger use case, which has counted them and has checked that their identifiers are free."""
        tokens = [(one.created.device, self._digest(one.created)) for one in prepared]
        await tx.devices.create_all(tokens)
        await self._added(tx, actor, prepared)

    async def _create(self, tx: DeviceTransaction, actor: Actor, new: NewDevice) -> CreatedDevice:
        prepared = await self.prepare(tx, actor, new)
        await tx.devices.create(prepared.created.device, self._digest(prepared.created))
        await self._added(tx, actor, [prepared])
        return prepared.created

    def _digest(self, created: CreatedDevice) -> bytes:
        return self._pepper.digest(created.access_token.encode())

    async def _added(self, tx: DeviceTransaction, actor: Actor, prepared: Sequence[PreparedDevice]) -> None:
        """What follows from new devices: licences, sensors, events and audit entries."""
        devices = [one.created.device for one in prepared]
        await tx.licenses.assign_all([_license(device) for device in devices])
        await tx.sensors.create_all([self._sensor(one.created.device, sensor) for one in prepared for sensor in one.sensors])
        await tx.outbox.add_all([(events.CREATED, device.id, _changed(device, device.created_us, actor)) for device in devices])
        noted = [(audited.target_of(one), {"after": audited.facts(one, _NOTED)}) for one in devices]
        await self._trail.record_all(tx, actor, audited.CREATED, noted)

    async def _take_over_sensors(self, tx: DeviceTransaction, device: Device, of_profile: Sequence[NewSensor]) -> None:
        """Declare a profile's sensors on a device; an existing sensor is unchanged."""
        for sensor in of_profile:
            await tx.sensors.create(self._sensor(device, sensor))

    def _sensor(self, device: Device, new: NewSensor) -> Sensor:
        return Sensor(
            id=self._ids.next(SensorId),
            device_id=device.id,
            key=new.key,
            name=new.name or new.key,
            unit=new.unit,
            value_type=new.value_type,
            decimals=new.decimals,
            declared=True,
            created_us=device.updated_us,
            updated_us=device.updated_us,
        )

    async def get(self, actor: Actor, device_id: DeviceId) -> Device:
        """One device.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, device_id)

    async def get_by_identifier(self, actor: Actor, identifier: Identifier) -> Device:
        """The device with this identifier.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this identifier.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            device = await tx.devices.find_by_identifier(normalize_identifier(identifier, "identifier"))
        if device is None or not actor.reaches(device.project_id):
            raise DeviceNotFound(device_id=identifier.value)
        return device

    async def list(
        self, actor: Actor, filters: DeviceFilter, limit: int, cursor: str | None, sort: DeviceSort = DeviceSort.NEWEST
    ) -> Page[Device]:
        """A page of devices, by default newest first.

        Raises:
            InvalidInput: the cursor is not one of a list in this order.
        """
        after = decode_cursor(cursor, _CURSORS[sort])
        if after is not None and after[0] != sort.value:
            raise InvalidInput.field("cursor", "must be a cursor returned by this list in the same order")
        filters = _normalized(_within(actor, filters))
        async with self._database.snapshot(actor.org_id) as tx:
            items = await tx.devices.list(filters, limit + 1, after[1:] if after else None, sort)
        return page_of(items, limit, lambda last: (sort.value, *sort.position(last)))

    async def page(self, actor: Actor, filters: DeviceFilter, limit: int, offset: int) -> tuple[Sequence[Device], int]:
        """Devices by offset, and the total number."""
        filters = _within(actor, filters)
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.devices.page(filters, limit, offset), await tx.devices.count(filters)

    async def summary(self, actor: Actor) -> FleetSummary:
        """Count the devices that the caller can reach, by connectivity as it was last stored (seconds ago)."""
        async with self._database.snapshot(actor.org_id) as tx:
            total, online, offline, paused = [
                await tx.devices.count(_within(actor, each))
                for each in (
                    DeviceFilter(),
                    DeviceFilter(connectivity=Connectivity.ONLINE),
                    DeviceFilter(connectivity=Connectivity.OFFLINE),
                    DeviceFilter(status=DeviceStatus.PAUSED),
                )
            ]
        return FleetSummary(total=total, paused=paused, online=online, offline=offline, never=total - online - offline)

    async def update(self, actor: Actor, device_id: DeviceId, patch: DevicePatch) -> Device:
        """Update the fields in the patch.

        Raises:
            DeviceNotFound, ProjectNotFound, ProfileNotFound, IdentifierTaken.
        """
        changes = changes_in(patch)
        if "identifiers" in changes:
            changes["identifiers"] = _identifiers(changes["identifiers"])
        async with self._database.transaction(actor.org_id) as tx:
            device = await _get(tx, device_id)
            if "project_id" in changes:
                await _project(tx, actor, changes["project_id"])
            changed = await self._save(tx, actor, device, changes, self._clock.now_us())
        # After the commit: a look-up between the drop and the commit would cache the old state again.
        self._directory.drop(device_id, actor.chain)
        return changed

    async def _save(self, tx: DeviceTransaction, actor: Actor, device: Device, changes: dict[str, Any], now_us: int) -> Device:
        changed = msgspec.structs.replace(device, updated_us=now_us, **changes)
        changed, taken_over = await _with_profile(tx, actor, changed, changes.get("profile_id"))
        await tx.devices.update(changed)
        if changed.profile_id != device.profile_id:
            await tx.consumption_changes.add(device.id, BEGINNING_US, "profile", now_us)
        await self._take_over_sensors(tx, changed, taken_over)
        await tx.outbox.add(events.UPDATED, device.id, _changed(changed, now_us, actor))
        before, after = audited.facts(device, changes), audited.facts(changed, changes)
        await self._trail.record(tx, actor, audited.UPDATED, audited.target_of(changed), before=before, after=after)
        return changed

    async def set_label(self, actor: Actor, device_id: DeviceId, key: str, value: str, once: IdempotencyKey) -> None:
        """Set one label, without changing the others. A repeated call with the same key has no effect.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            device = await _get(tx, device_id)
            if await tx.idempotency.find(actor.id, once):
                return
            # Also if nothing changes below: a later repetition must not undo a change made in the meantime.
            await tx.idempotency.keep(actor.id, once, b"1", now_us)
            if device.labels.get(key) == value:
                return
            await self._save(tx, actor, device, {"labels": device.labels | {key: value}}, now_us)
        self._directory.drop(device_id, actor.chain)

    async def set_status(self, actor: Actor, device_id: DeviceId, status: DeviceStatus) -> Device:
        """Pause or resume a device. Pausing a paused device has no effect.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
            DeviceLimitReached: the plan's limit of active devices is reached.
        """
        async with self._database.transaction(actor.org_id) as tx:
            device = await _get(tx, device_id)
            changed = msgspec.structs.replace(device, status=status, updated_us=self._clock.now_us())
            if device.status is status:
                return device
            limit = (await self._plans.of(actor.org_id)).device_limit
            if status is DeviceStatus.ACTIVE and limit is not None:
                # Active devices only: after a change to a smaller plan, all devices together exceed its limit.
                await _check_room(tx, DeviceFilter(status=status), limit)
            await tx.devices.update(changed)
            await tx.outbox.add(events.UPDATED, device_id, _changed(changed, changed.updated_us, actor))
            action = audited.RESUMED if status is DeviceStatus.ACTIVE else audited.PAUSED
            await self._trail.record(tx, actor, action, audited.target_of(changed))
        self._directory.drop(device_id, actor.chain)
        return changed

    async def regenerate_token(self, actor: Actor, device_id: DeviceId) -> CreatedDevice:
        """Replace a device's access token; the old one is invalid when this returns.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        token = new_credential(TOKEN_PREFIX)
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            device = await _get(tx, device_id)
            changed = msgspec.structs.replace(device, token_prefix=token[:SHOWN_PREFIX], updated_us=now_us)
            await tx.devices.replace_token(device_id, self._pepper.digest(token.encode()), token[:SHOWN_PREFIX], now_us)
            await tx.outbox.add(events.TOKEN_REGENERATED, device_id, _changed(changed, now_us, actor))
            after = audited.facts(changed, ("token_prefix",))
            await self._trail.record(tx, actor, audited.REKEYED, audited.target_of(changed), after=after)
        self._directory.drop(device_id, actor.chain)
        return CreatedDevice(device=changed, access_token=token)

    async def delete(self, actor: Actor, device_id: DeviceId) -> None:
        """Delete a device. It disappears everywhere immediately; a worker deletes its readings from every segment.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            device = await _get(tx, device_id)
            await tx.devices.delete(device_id, now_us)
            # In the transaction of the deletion: the readings are deleted by a follower of this event, so it must not be lost.
            await tx.outbox.add(events.DELETED, device_id, _changed(device, now_us, actor))
            before = audited.facts(device, ("project_id", "type", "identifiers"))
            await self._trail.record(tx, actor, audited.DELETED, audited.target_of(device), before=before)
        self._directory.drop(device_id, actor.chain)


async def _get(tx: DeviceTransaction, device_id: DeviceId) -> Device:
    device = await tx.devices.find(device_id)
    if device is None:
        raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
    return device


async def _check_room(tx: DeviceTransaction, counted: DeviceFilter, limit: int) -> None:
    if await tx.devices.count(counted) >= limit:
        raise limit_reached(limit)


def limit_reached(limit: int) -> DeviceLimitReached:
    """The error when the plan allows no more devices."""
    return DeviceLimitReached(limit="plan_devices", scope="account", count=limit, remaining=0)


NO_CUSTOMER = CustomerId(0)
_NOBODYS = 0
"""The id of no project: a project that the caller cannot access looks like one that does not exist."""


def _within(actor: Actor, filters: DeviceFilter) -> DeviceFilter:
    """A filter restricted to the devices the caller can access."""
    if actor.customer_id is not None:
        own = filters.customer_id in (None, actor.customer_id)
        return msgspec.structs.replace(filters, customer_id=actor.customer_id if own else NO_CUSTOMER)
    if actor.project_id is None:
        return filters
    inside = filters.project_id is None or actor.reaches(filters.project_id)
    return msgspec.structs.replace(filters, project_id=actor.project_id if inside else _NOBODYS)


def _license(device: Device) -> License:
    """Every device has a licence: the oldest free one of its project, or this one."""
    return License(id=new_hex(), project_id=device.project_id, device_id=device.id, created_us=device.created_us)


async def _with_profile(
    tx: DeviceTransaction, actor: Actor, device: Device, profile_id: ProfileId | None
) -> tuple[Device, Sequence[NewSensor]]:
    """A device with the given profile and the sensors it inherits from it; unchanged without a profile.

    Raises:
        ProfileNotFound.
    """
    if profile_id is None:
        return device, ()
    profile = await get_profile(tx, actor, profile_id)
    interval_us = profile.expected_interval_us if device.expected_interval_us is None else device.expected_interval_us
    return msgspec.structs.replace(device, profile_id=profile_id, expected_interval_us=interval_us), profile.sensors


async def _project(tx: DeviceTransaction, actor: Actor, project_id: ProjectId | None) -> ProjectId:
    if project_id is None and actor.project_id is not None:
        return actor.project_id
    if project_id is not None and not actor.reaches(project_id):
        raise ProjectNotFound(project_id=encode(Prefix.PROJECT, project_id))
    if project_id is None:
        default = await tx.projects.find_default()
        if default is None:
            raise ProjectNotFound(project_id="default")
        return default.id
    if await tx.projects.find(project_id) is None:
        raise ProjectNotFound(project_id=encode(Prefix.PROJECT, project_id))
    return project_id


def _identifiers(requested: list[Identifier]) -> list[Identifier]:
    if len(requested) > MAX_IDENTIFIERS:
        raise InvalidInput.field("identifiers", f"must have at most {MAX_IDENTIFIERS} entries", "too_many")
    out = [normalize_identifier(item, f"identifiers[{number}].value") for number, item in enumerate(requested)]
    # Compared in their normalised forms: two notations of one EUI are the same identifier.
    if len(set(out)) != len(out):
        raise InvalidInput.field("identifiers", "must not contain an identifier twice", "duplicate")
    return out


def _check_sensors(requested: Sequence[NewSensor]) -> None:
    keys = [sensor.key for sensor in requested]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            raise InvalidInput.field(f"sensors[{number}].key", "must not be repeated", "duplicate")


def _normalized(filters: DeviceFilter) -> DeviceFilter:
    if filters.identifier is None:
        return filters
    return msgspec.structs.replace(filters, identifier=normalize_identifier(filters.identifier, "identifier"))


def _changed(device: Device, at_us: int, actor: Actor) -> events.DeviceChanged:
    return events.DeviceChanged(device_id=device.id, name=device.name, at_us=at_us, chain=actor.chain)
