"""Alert events and maintenance between wire and core."""

from __future__ import annotations

import msgspec
import pytest

from penstock.api.v2.alerts import event_wire as wire
from penstock.api.v2.alerts.event_translate import from_core_event, from_core_maintenance, to_core_event_filter
from penstock.core.alerts.models import Maintenance, OccurrenceState
from penstock.core.alerts.snoozes import Snoozes
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, Prefix, encode
from tests.core.alerts.test_events import occurrence
from tests.support.days import NOON_US

TEN = encode(Prefix.DEVICE, DeviceId(10))


def test_filters_of_events() -> None:
    asked = msgspec.convert({"state": "open", "from": "2026-05-02T12:00:00Z"}, wire.EventQuery)
    assert (to_core_event_filter(asked).state, to_core_event_filter(asked).from_us) == (OccurrenceState.OPEN, NOON_US)
    with pytest.raises(InvalidInput):
        to_core_event_filter(msgspec.convert({"to": "soon"}, wire.EventQuery))


def test_an_event_of_no_reading_and_a_device_that_is_not_in_maintenance() -> None:
    silent = from_core_event(occurrence(seq=None, value=None), Snoozes())
    assert (silent.reading_id, silent.value, silent.state, silent.cleared_at, silent.rule_id) == (
        None,
        None,
        "raised",
        None,
        None,
    )
    none = from_core_maintenance(DeviceId(10), None)
    assert (none.active, none.until, none.created_at, none.device_id) == (False, None, None, TEN)
    muted = Maintenance(device_id=DeviceId(10), until_us=None, reason="pipes", created_by="usr_1", created_us=NOON_US)
    found = from_core_maintenance(DeviceId(10), muted)
    assert (found.active, found.until, found.reason) == (True, None, "pipes")
