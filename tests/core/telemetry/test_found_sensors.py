"""A field that nobody declared becomes a sensor of the type that its value shows."""

from __future__ import annotations

import pytest

from penstock.core.sensor import ValueType
from penstock.core.telemetry.fields import Scalar
from penstock.core.telemetry.found_sensors import found_sensor
from penstock.kit.ids import DeviceId, SensorId


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(1, ValueType.INTEGER), (1.0, ValueType.FLOAT), (True, ValueType.BOOLEAN), ("on", ValueType.STRING)],
)
def test_a_field_becomes_a_sensor(value: Scalar, wanted: ValueType) -> None:
    found = found_sensor(SensorId(1), DeviceId(2), "a.b", value, 3)
    assert (found.id, found.device_id, found.key, found.name, found.unit, found.declared) == (1, 2, "a.b", "a.b", "", False)
    assert (found.value_type, found.created_us, found.updated_us) == (wanted, 3, 3)
