"""Meter alarms and their filters between the API and the core."""

from __future__ import annotations

import pytest

from penstock.api.v2.meter_alarms import wire
from penstock.api.v2.meter_alarms.translate import from_core_alarm, to_core_filter, to_core_own_filter
from penstock.core.meter_alarms.models import AlarmFilter, AlarmKind, AlarmState
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput
from tests.core.meter_alarms.test_episodes import alarm, us


def test_filters() -> None:
    assert to_core_filter(wire.MeterAlarmQuery()) == to_core_own_filter(wire.OwnMeterAlarmQuery()) == AlarmFilter()
    query = wire.MeterAlarmQuery(
        device_id="dev_000000000000a", customer_id="cus_000000000000b", kind="burst", state="closed", from_="1970-01-01T00:00:01Z"
    )
    kind, state = AlarmKind.BURST, AlarmState.CLOSED
    assert to_core_filter(query) == AlarmFilter(device_id=10, customer_id=11, kind=kind, state=state, from_us=1_000_000)
    with pytest.raises(InvalidInput, match="must not be before from"):
        to_core_filter(wire.MeterAlarmQuery(from_="1970-01-01T00:00:02Z", to="1970-01-01T00:00:01Z"))


def test_an_alarm_with_public_ids_and_times() -> None:
    made = from_core_alarm(alarm(1, 2, 3))
    assert (made.id, made.device_id, made.customer_id) == ("mal_0000000000001", "dev_000000000000a", None)
    assert (made.register, made.state, made.end_reason) == ("volume", "closed", "condition")
    assert made.until == made.closed_at == format_time(us(3))
