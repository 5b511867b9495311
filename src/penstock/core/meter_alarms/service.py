"""Use cases on meter alarms: list, get, acknowledge; and the settings of devices and profiles."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.meter_alarms.errors import MeterAlarmNotFound
from penstock.core.meter_alarms.events import ACKNOWLEDGED, alarm_moved
from penstock.core.meter_alarms.models import Alarm, AlarmFilter
from penstock.core.meter_alarms.settings import AlarmSettings, combined, effective
from penstock.core.meter_alarms.store import MeterAlarmTransaction
from penstock.core.meter_alarms.wording import message_of
from penstock.core.profiles.service import get_profile, target_of
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, MeterAlarmId, Prefix, ProfileId, encode, text_of
from penstock.kit.paging import Page, decode_cursor, page_of

_PREFIXES: dict[ActorKind, str] = {ActorKind.KEY: Prefix.KEY, ActorKind.USER: Prefix.USER}


class WatchedSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is set on a device or profile itself, and what is in effect."""

    own: AlarmSettings
    effective: AlarmSettings


class MeterAlarmService:
    """Meter alarms of an organisation."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[MeterAlarmTransaction],
        directory: DeviceDirectory,
        trail: AuditTrail,
        clock: Clock,
    ) -> None:
        self._database = database
        self._directory = directory
        self._trail = trail
        self._clock = clock

    async def list(self, actor: Actor, filters: AlarmFilter, limit: int, cursor: str | None) -> Page[Alarm]:
        """A page of alarms, newest first. A manager sees those of their customer."""
        before = decode_cursor(cursor, tuple[int])
        if actor.customer_id is not None:
            if filters.customer_id not in (None, actor.customer_id):
                return Page(items=[])
            filters = msgspec.structs.replace(filters, customer_id=actor.customer_id)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.meter_alarms.list(filters, limit + 1, before[0] if before else None)
        return page_of(found, limit, lambda last: (last.id,))

    async def list_own(self, actor: Actor, filters: AlarmFilter, limit: int, cursor: str | None) -> Page[Alarm]:
        """A page of the alarms that the caller's devices have had since they moved in. Only residents have any."""
        before = decode_cursor(cursor, tuple[int])
        if not actor.resident_id:
            return Page(items=[])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.meter_alarms.list_of_resident(actor.resident_id, filters, limit + 1, before[0] if before else None)
        return page_of(found, limit, lambda last: (last.id,))

    async def get(self, actor: Actor, alarm_id: MeterAlarmId) -> Alarm:
        """One alarm.

        Raises:
            MeterAlarmNotFound: the caller's organisation has no alarm with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, actor, alarm_id)

    async def acknowledge(self, actor: Actor, alarm_id: MeterAlarmId, note: str | None) -> Alarm:
        """Acknowledge an alarm, open or closed. Repeating the call has no effect.

        Raises:
            MeterAlarmNotFound.
        """
        now_us, prefix = self._clock.now_us(), _PREFIXES.get(actor.kind)
        by = text_of(prefix, actor.id) if prefix else ""
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, actor, alarm_id)
            if not await tx.meter_alarms.acknowledge(alarm_id, now_us, by, note):
                return found
            found = await _get(tx, actor, alarm_id)
            await tx.outbox.add(ACKNOWLEDGED, found.id, alarm_moved(found, message_of(found), now_us, chain=actor.chain))
            target = Target("meter_alarm", encode(Prefix.METER_ALARM, found.id), found.device_name)
            await self._trail.record(tx, actor, "meter_alarm.acknowledge", target, note=note)
        return found

    async def settings(self, actor: Actor, device_id: DeviceId) -> WatchedSettings:
        """The settings of a device.

        Raises:
            DeviceNotFound.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            return await _settings(tx, device_id)

    async def set_settings(self, actor: Actor, device_id: DeviceId, settings: AlarmSettings) -> WatchedSettings:
        """Replace a device's own settings.

        Raises:
            DeviceNotFound.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await _settings(tx, device_id)
            await tx.meter_alarms.set_settings(device_id, settings)
            target = Target("device", encode(Prefix.DEVICE, device_id), "")
            await self._trail.record(tx, actor, "meter.alarm_settings", target, **_change(before.own, settings))
            return await _settings(tx, device_id)

    async def profile_settings(self, actor: Actor, profile_id: ProfileId) -> WatchedSettings:
        """The settings of a profile.

        Raises:
            ProfileNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_profile(tx, actor, profile_id)
            own = await tx.meter_alarms.find_profile_settings(profile_id)
        return WatchedSettings(own=own or AlarmSettings(), effective=combined(own))

    async def set_profile_settings(self, actor: Actor, profile_id: ProfileId, settings: AlarmSettings) -> WatchedSettings:
        """Replace the settings of a profile.

        Raises:
            ProfileNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            profile = await get_profile(tx, actor, profile_id)
            before = await tx.meter_alarms.find_profile_settings(profile_id)
            await tx.meter_alarms.set_profile_settings(profile_id, settings)
            change = _change(before or AlarmSettings(), settings)
            await self._trail.record(tx, actor, "profile.alarm_settings", target_of(profile), **change)
        return WatchedSettings(own=settings, effective=combined(settings))


async def _get(tx: MeterAlarmTransaction, actor: Actor, alarm_id: MeterAlarmId) -> Alarm:
    found = await tx.meter_alarms.find(alarm_id)
    if found is None or actor.customer_id not in (None, found.customer_id):
        raise MeterAlarmNotFound(alarm_id=encode(Prefix.METER_ALARM, alarm_id))
    return found


async def _settings(tx: MeterAlarmTransaction, device_id: DeviceId) -> WatchedSettings:
    device = await tx.devices.find(device_id)
    if device is None:  # the directory may still cache a deleted one
        raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
    own = await tx.meter_alarms.find_settings(device_id)
    of_profile = None if device.profile_id is None else await tx.meter_alarms.find_profile_settings(device.profile_id)
    role = (await tx.meters.find(device_id)).role
    return WatchedSettings(own=own or AlarmSettings(), effective=effective(own, of_profile, role))


def _change(before: AlarmSettings, after: AlarmSettings) -> dict[str, Any]:
    return {"before": msgspec.to_builtins(before), "after": msgspec.to_builtins(after)}
