"""Fields of sensors as the audit log has them."""

from __future__ import annotations

from penstock.core.sensor import NewSensor, ValueType, written


def test_a_field_is_written_as_text() -> None:
    sensor = NewSensor(key="t", decimals=0)
    assert (written(sensor.decimals), written(sensor.value_type), written(None)) == ("0", "float", "")
    assert NewSensor(key="t").decimals is None
    assert sensor.value_type is ValueType.FLOAT
