"""The latest values of fields, also of those that the latest reading does not have."""

from __future__ import annotations

from penstock.core.dashboards.latest_values import latest_values
from penstock.core.telemetry.models import TimeRange
from penstock.kit.ids import DeviceId
from tests.core.dashboards.readings import ACTOR, Readings

SPAN = TimeRange(from_us=0, to_us=99)


async def test_fields_come_from_the_latest_reading_that_has_them() -> None:
    kept = Readings((1, {"a": 1, "b": 1, "c": None}), (2, {"b": 2}), (3, {"a": 3}))
    found = await latest_values(kept.service, ACTOR, DeviceId(1), ["a", "b", "c"], SPAN)
    assert found == {"a": (3, 3), "b": (2, 2)}
    kept = Readings((1, {"a": 1}))
    assert await latest_values(kept.service, ACTOR, DeviceId(1), ["a"], SPAN) == {"a": (1, 1)}
    assert "history" not in kept.asked


async def test_without_readings_or_a_device_there_is_nothing() -> None:
    assert await latest_values(Readings().service, ACTOR, DeviceId(1), ["a"], SPAN) == {}
    assert await latest_values(Readings((1, {"a": 1})).service, ACTOR, DeviceId(2), ["a"], SPAN) == {}
