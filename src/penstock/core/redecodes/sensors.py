"""Lists the fields of decoded values as sensors of their devices, as those of arriving readings are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.core.devices.models import Sensor
from penstock.core.devices.store import HasSensors
from penstock.core.telemetry.fields import Scalar, flatten
from penstock.core.telemetry.found_sensors import MAX_KEY_LENGTH, MAX_SENSORS_PER_DEVICE, found_sensor
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, IdSource, SensorId


class NewSensors:
    """Adds the sensors that devices lack."""

    def __init__(self, ids: IdSource, clock: Clock) -> None:
        self._ids = ids
        self._clock = clock
        self._seen: dict[DeviceId, set[str]] = {}

    def forget(self) -> None:
        """Forget which fields were seen: sensors may have been deleted since, or a transaction was rolled back."""
        self._seen.clear()

    async def add(self, tx: HasSensors, values: Sequence[tuple[DeviceId, Mapping[str, Any]]]) -> None:
        """Add the sensors for the values of devices. Fields that were seen before are not looked up again."""
        found: dict[DeviceId, dict[str, Scalar]] = {}
        for device_id, each in values:
            fields = flatten(dict(each))
            if not self._seen.setdefault(device_id, set()).issuperset(fields):
                found.setdefault(device_id, {}).update(fields)
        if not found:
            return
        new: list[Sensor] = []
        stored = await tx.sensors.keys(list(found))
        for device_id, fields in found.items():
            known = stored.get(device_id, set())
            keys = [key for key in fields if key not in known and 0 < len(key) <= MAX_KEY_LENGTH]
            new += [
                found_sensor(self._ids.next(SensorId), device_id, key, fields[key], self._clock.now_us())
                for key in keys[: MAX_SENSORS_PER_DEVICE - len(known)]
            ]
            self._seen[device_id].update(fields)
        if new:
            await tx.sensors.create_all(new)
