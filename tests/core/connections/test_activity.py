"""What was told of connections, held until it is written down."""

from __future__ import annotations

from penstock.core.connections.activity import ConnectionActivity, Counts
from penstock.core.connections.models import (
    ConnectionRef,
    ConnectionStatus,
    ConnectionType,
    Route,
)
from penstock.core.devices.models import DeviceRef, DeviceStatus
from tests.support.days import HeldClock

REF = ConnectionRef(7, 1, None, ConnectionType.CHIRPSTACK, ConnectionStatus.ACTIVE)

DEVICE = DeviceRef(9, 1, 1, DeviceStatus.ACTIVE)


def test_what_could_not_be_written_down_is_held_again(clock: HeldClock) -> None:
    activity = ConnectionActivity(clock)
    activity.record_message(REF)
    activity.record_error(REF, "first")
    activity.record_route(DEVICE, Route(7, "old"))
    counts, routes = activity.drain()
    clock.us += 5
    activity.record_message(REF)
    activity.record_route(DEVICE, Route(7, "new"))
    activity.restore(counts, routes)
    again = activity.drain()
    assert again == (
        {(1, 7): Counts(2, 1, clock.us, clock.us - 5, "first")},
        {1: {9: Route(7, "new")}},
    )
    assert activity.drain() == ({}, {})
