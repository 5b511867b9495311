"""Messages from connections, counted in memory and stored by a worker every second."""

from __future__ import annotations

import msgspec

from penstock.core.connections.models import ConnectionRef, Route
from penstock.core.devices.models import DeviceRef
from penstock.kit.clock import Clock
from penstock.kit.ids import ConnectionId, DeviceId, OrgId

MAX_ERROR = 300
MAX_ROUTES = 200_000


class Counts(msgspec.Struct, gc=False):
    """Messages from one connection since the last drain."""

    messages: int = 0
    errors: int = 0
    last_message_us: int | None = None
    last_error_us: int | None = None
    last_error: str | None = None


class ReportedRoute(msgspec.Struct, frozen=True, gc=False):
    """The connection that a message about a device came through.

    With `moves` the device reported through it. A network server's other events can come through another connection than the
    device's readings, and then leave its route unchanged.
    """

    route: Route
    moves: bool


class ConnectionActivity:
    """Counts by organisation and connection, and the connection through which each device reports."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: dict[tuple[OrgId, ConnectionId], Counts] = {}
        self._routes: dict[DeviceId, ReportedRoute] = {}
        self._changed: dict[OrgId, dict[DeviceId, ReportedRoute]] = {}

    def record_message(self, connection: ConnectionRef) -> None:
        """Count an accepted message."""
        counts = self._of(connection)
        counts.messages += 1
        counts.last_message_us = self._clock.now_us()

    def record_error(self, connection: ConnectionRef, reason: str) -> None:
        """Count a failed message, or a failed attempt to connect."""
        counts = self._of(connection)
        counts.errors += 1
        counts.last_error_us = self._clock.now_us()
        counts.last_error = reason[:MAX_ERROR]

    def record_route(self, device: DeviceRef, route: Route, *, moves: bool = True) -> None:
        """Record the connection through which a device reports. It rarely changes, and then this is only a look-up.

        Without `moves` the route is recorded only if the device has none, or the same connection with other names.
        """
        remembered = self._routes.get(device.id)
        if remembered is not None and remembered.route == route and (remembered.moves or not moves):
            return
        known = remembered or self._changed.get(device.org_id, {}).get(device.id)
        if known is not None:
            if known.route.connection_id == route.connection_id:
                route, moves = _merged(known.route, route), moves or known.moves
            elif known.moves and not moves:
                return
        reported = ReportedRoute(route, moves)
        if remembered == reported:
            return
        if len(self._routes) >= MAX_ROUTES:
            # This costs only one more write of each route, with the device's next message.
            self._routes.clear()
        self._routes[device.id] = reported
        self._changed.setdefault(device.org_id, {})[device.id] = reported

    def route_of(self, device_id: DeviceId) -> Route | None:
        """The connection through which a device has reported, which may not be stored yet; None if it has not since the start."""
        reported = self._routes.get(device_id)
        return None if reported is None else reported.route

    def forget_device(self, device_id: DeviceId) -> None:
        """Forget a changed device, so that its route is stored again with its next message."""
        self._routes.pop(device_id, None)

    def drain(self) -> tuple[dict[tuple[OrgId, ConnectionId], Counts], dict[OrgId, dict[DeviceId, ReportedRoute]]]:
        """Return the counts, and the routes by organisation and device, and start again from nothing."""
        counts, self._counts = self._counts, {}
        routes, self._changed = self._changed, {}
        return counts, routes

    def restore(
        self, counts: dict[tuple[OrgId, ConnectionId], Counts], routes: dict[OrgId, dict[DeviceId, ReportedRoute]]
    ) -> None:
        """Add back what could not be stored."""
        for key, older in counts.items():
            newer = self._counts.setdefault(key, Counts())
            newer.messages += older.messages
            newer.errors += older.errors
            newer.last_message_us = newer.last_message_us or older.last_message_us
            if newer.last_error_us is None:
                newer.last_error_us, newer.last_error = older.last_error_us, older.last_error
        for org_id, of_devices in routes.items():
            later = self._changed.get(org_id, {})
            moved = {device_id for device_id, reported in of_devices.items() if reported.moves}
            self._changed[org_id] = of_devices | {
                device_id: reported for device_id, reported in later.items() if reported.moves or device_id not in moved
            }

    def _of(self, connection: ConnectionRef) -> Counts:
        key = (connection.org_id, connection.id)
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = Counts()
        return counts


def _merged(known: Route, newer: Route) -> Route:
    """A route of the same connection; a message without the device's names at the other server leaves them unchanged."""
    return Route(newer.connection_id, newer.device_name or known.device_name, newer.application_id or known.application_id)
