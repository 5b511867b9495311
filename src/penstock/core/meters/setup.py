"""Use cases on what meters count: their settings, and replacements of meters."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.meters.definitions import Replacement, check_registers, replaced
from penstock.core.meters.settings import MeterSettings
from penstock.core.meters.store import MeterTransaction
from penstock.core.registers.models import BEGINNING_US
from penstock.kit.clock import Clock, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, Prefix, encode


class MeterSetup:
    """The settings of meters. They apply to the past as well, because consumption is computed from the readings on request."""

    def __init__(
        self, *, database: OrganizationDatabase[MeterTransaction], directory: DeviceDirectory, trail: AuditTrail, clock: Clock
    ) -> None:
        self._database = database
        self._directory = directory
        self._trail = trail
        self._clock = clock

    async def get(self, actor: Actor, device_id: DeviceId) -> MeterSettings:
        """The meter settings of a device.

        Raises:
            DeviceNotFound.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            return _seen(await tx.meters.find(device_id), actor.sees_from_us)

    async def set(self, actor: Actor, device_id: DeviceId, settings: MeterSettings) -> MeterSettings:
        """Set the role and the own registers of a device; without registers it has those of its profile.

        Raises:
            DeviceNotFound.
            InvalidInput: a register is invalid.
        """
        check_registers(settings.own or ())
        await self._directory.reach(actor, device_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await find_settings(tx, device_id)
            after = msgspec.structs.replace(settings, of_profile=before.of_profile)
            await tx.meters.set(device_id, after)
            await self._note(tx, device_id, before, after)
            was, now = _facts(before), _facts(after)
            await self._trail.record(tx, actor, "meter.set", target_of(device_id), before=was, after=now)
        return after

    async def reset(self, actor: Actor, device_id: DeviceId) -> None:
        """Restore the default meter settings of a device.

        Raises:
            DeviceNotFound.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await find_settings(tx, device_id)
            await tx.meters.delete(device_id)
            await self._note(tx, device_id, before, MeterSettings(of_profile=before.of_profile))
            await self._trail.record(tx, actor, "meter.reset", target_of(device_id), before=_facts(before))

    async def replace(self, actor: Actor, device_id: DeviceId, change: Replacement) -> MeterSettings:
        """Replace the meter behind a register. A device that has the registers of its profile gets them as its own.

        Raises:
            DeviceNotFound, ReplacementOverlaps.
            InvalidInput: the register is unknown, the time is in the future, or a value is out of range.
        """
        if change.at_us > self._clock.now_us():
            raise InvalidInput.field("at", "must not be in the future")
        await self._directory.reach(actor, device_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await find_settings(tx, device_id)
            after = msgspec.structs.replace(before, own=replaced(before.registers, change))
            await tx.meters.set(device_id, after)
            await tx.consumption_changes.add(device_id, change.at_us, "replacement", self._clock.now_us())
            noted = msgspec.to_builtins(change) | {"at_us": None, "at": format_time(change.at_us)}
            await self._trail.record(tx, actor, "meter.replace", target_of(device_id), **noted)
        return after

    async def _note(self, tx: MeterTransaction, device_id: DeviceId, before: MeterSettings, after: MeterSettings) -> None:
        if (before.role, before.registers) != (after.role, after.registers):
            await tx.consumption_changes.add(device_id, BEGINNING_US, "registers", self._clock.now_us())


def _seen(settings: MeterSettings, from_us: int) -> MeterSettings:
    """Settings without what the meter showed before a time, and without the versions that ended before it."""
    if settings.own is None or from_us <= BEGINNING_US:
        return settings
    own = [one for one in settings.own if one.to_us is None or one.to_us > from_us]
    shown = (one if one.from_us >= from_us else msgspec.structs.replace(one, first_value=None) for one in own)
    return msgspec.structs.replace(settings, own=tuple(shown))


async def find_settings(tx: MeterTransaction, device_id: DeviceId) -> MeterSettings:
    """The meter settings of a device that exists within this transaction: the directory may still cache a deleted one.

    Raises:
        DeviceNotFound.
    """
    if await tx.devices.find_ref(device_id) is None:
        raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
    return await tx.meters.find(device_id)


def target_of(device_id: DeviceId) -> Target:
    """The device as the target of an audit entry."""
    return Target("device", encode(Prefix.DEVICE, device_id), "")


def _facts(settings: MeterSettings) -> dict[str, Any]:
    return {
        "role": settings.role.value,
        "source": settings.source.value,
        "registers": [msgspec.to_builtins(one) for one in settings.own or ()],
    }
