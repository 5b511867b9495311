"""Sensors that are found in readings, and listed without having been declared. Pure."""

from __future__ import annotations

from penstock.core.devices.models import Sensor
from penstock.core.telemetry.fields import Scalar, value_type
from penstock.kit.ids import DeviceId, SensorId

MAX_SENSORS_PER_DEVICE = 1_000
MAX_KEY_LENGTH = 200


def found_sensor(sensor_id: SensorId, device_id: DeviceId, key: str, value: Scalar, now_us: int) -> Sensor:
    """The sensor of a field with a value. Its name is the field's, and its unit is unknown."""
    return Sensor(
        id=sensor_id,
        device_id=device_id,
        key=key,
        name=key,
        unit="",
        value_type=value_type(value),
        declared=False,
        created_us=now_us,
        updated_us=now_us,
    )
