"""What was told of connections, held until it is written down."""

from __future__ import annotations

from penstock.core.connections.activity import ConnectionActivity, Counts, ReportedRoute
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
        {1: {9: ReportedRoute(Route(7, "new"), moves=True)}},
    )
    assert activity.drain() == ({}, {})


def test_only_readings_move_a_device_to_another_connection(clock: HeldClock) -> None:
    activity = ConnectionActivity(clock)

    def told(*routes: tuple[Route, bool]) -> ReportedRoute | None:
        for route, moves in routes:
            activity.record_route(DEVICE, route, moves=moves)
        return activity.drain()[1].get(1, {}).get(9)

    assert told((Route(8), False)) == ReportedRoute(Route(8), moves=False), "nothing else is known of it"
    assert told((Route(8), False)) is None
    assert told((Route(8), True)) == ReportedRoute(Route(8), moves=True), "what is stored may be another"
    assert told((Route(8), True), (Route(8), False), (Route(7), False)) is None
    assert told((Route(8, "d"), False), (Route(7), False)) == ReportedRoute(Route(8, "d"), moves=True)
    assert told((Route(7), True)) == ReportedRoute(Route(7), moves=True)
    assert activity.route_of(DEVICE.id) == Route(7)


def test_an_event_takes_no_move_back_that_is_still_to_be_stored(clock: HeldClock) -> None:
    activity = ConnectionActivity(clock)
    activity.record_route(DEVICE, Route(7), moves=True)
    activity.forget_device(DEVICE.id)
    activity.record_route(DEVICE, Route(8), moves=False)
    counts, routes = activity.drain()
    assert routes == {1: {9: ReportedRoute(Route(7), moves=True)}}
    activity.record_route(DEVICE, Route(8), moves=False)
    activity.restore(counts, routes)
    assert activity.drain()[1] == routes
    activity.record_route(DEVICE, Route(8), moves=True)
    activity.restore(counts, routes)
    assert activity.drain()[1] == {1: {9: ReportedRoute(Route(8), moves=True)}}
