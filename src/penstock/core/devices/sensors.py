"""Use cases on the sensors of a device."""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices import audited
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound, SensorExists, SensorNotFound
from penstock.core.devices.models import Sensor, SensorPatch
from penstock.core.devices.store import DeviceTransaction
from penstock.core.sensor import NewSensor, written
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, IdSource, Prefix, SensorId, encode
from penstock.kit.paging import Page, decode_cursor, page_of


class SensorService:
    """Sensors: declared by users, or discovered by the worker that follows the reading log."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[DeviceTransaction],
        directory: DeviceDirectory,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._directory = directory
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def create(self, actor: Actor, device_id: DeviceId, new: NewSensor) -> Sensor:
        """Declare a sensor.

        Raises:
            DeviceNotFound, SensorExists.
        """
        await self._directory.get(actor.org_id, device_id)
        now_us = self._clock.now_us()
        sensor = Sensor(
            id=self._ids.next(SensorId),
            device_id=device_id,
            key=new.key,
            name=new.name or new.key,
            unit=new.unit,
            value_type=new.value_type,
            decimals=new.decimals,
            declared=True,
            created_us=now_us,
            updated_us=now_us,
        )
        async with self._database.transaction(actor.org_id) as tx:
            if not await tx.sensors.create(sensor):
                if await tx.devices.find_ref(device_id) is None:  # deleted since it was looked up
                    raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
                raise SensorExists(key=new.key)
            await self._trail.record(tx, actor, audited.SENSOR_CREATED, audited.target_of_sensor(device_id, new.key))
        return sensor

    async def get(self, actor: Actor, device_id: DeviceId, key: str) -> Sensor:
        """One sensor.

        Raises:
            DeviceNotFound, SensorNotFound.
        """
        await self._directory.get(actor.org_id, device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, device_id, key)

    async def list(self, actor: Actor, device_id: DeviceId, limit: int, cursor: str | None) -> Page[Sensor]:
        """A page of a device's sensors, by key.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        await self._directory.get(actor.org_id, device_id)
        after = decode_cursor(cursor, tuple[str])
        async with self._database.snapshot(actor.org_id) as tx:
            items = await tx.sensors.list(device_id, limit + 1, after[0] if after else "")
        return page_of(items, limit, lambda last: (last.key,))

    async def update(self, actor: Actor, device_id: DeviceId, key: str, patch: SensorPatch) -> Sensor:
        """Update a sensor; a discovered sensor becomes a declared one.

        Raises:
            DeviceNotFound, SensorNotFound.
        """
        await self._directory.get(actor.org_id, device_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get(tx, device_id, key)
            await tx.sensors.update(before, patch, self._clock.now_us())
            after = await _get(tx, device_id, key)
            target, names = audited.target_of_sensor(device_id, key), ("name", "unit", "value_type", "decimals")
            was, now = ({name: written(getattr(one, name)) for name in names} for one in (before, after))
            await self._trail.record(tx, actor, audited.SENSOR_UPDATED, target, before=was, after=now)
            return after

    async def delete(self, actor: Actor, device_id: DeviceId, key: str) -> None:
        """Delete a sensor. Its readings are kept, and the next reading that contains it discovers it again.

        Raises:
            DeviceNotFound, SensorNotFound.
        """
        await self._directory.get(actor.org_id, device_id)
        async with self._database.transaction(actor.org_id) as tx:
            if not await tx.sensors.delete(device_id, key):
                raise SensorNotFound(key=key[:100])
            await self._trail.record(tx, actor, audited.SENSOR_DELETED, audited.target_of_sensor(device_id, key))


async def _get(tx: DeviceTransaction, device_id: DeviceId, key: str) -> Sensor:
    sensor = await tx.sensors.find(device_id, key)
    if sensor is None:
        raise SensorNotFound(key=key[:100])
    return sensor
