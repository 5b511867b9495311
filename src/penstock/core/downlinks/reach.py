"""Which devices downlinks can reach, and which connections are paused, from memory.

Unknown devices are looked up and count as unreachable until then. A connection whose server fails is paused, each time twice as
long. Memory is bounded: evicted entries are looked up again.
"""

from __future__ import annotations

from collections.abc import Callable

from penstock.core.downlinks.config import DownlinksConfig
from penstock.kit.backoff import Doubling
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import ConnectionId, DeviceId

MAX_KNOWN = 200_000
MAX_REQUESTED = 10_000


class DownlinkRouting:
    """The cache. `on_request` is called when there are devices to look up."""

    def __init__(self, config: DownlinksConfig, clock: Clock, on_request: Callable[[], None]) -> None:
        self._clock = clock
        self._on_request = on_request
        self._known: dict[DeviceId, ConnectionId | None] = {}
        self._requested: set[DeviceId] = set()
        self._pauses: dict[ConnectionId | DeviceId, tuple[int, int]] = {}
        """By connection or device: the number of consecutive failures, and until when it is paused."""
        self._backoff = Doubling(first_us=int(config.retry_s * SECOND_US), longest_us=int(config.max_retry_s * SECOND_US))

    def reaches(self, device_id: DeviceId) -> bool:
        """Whether a command can be sent to a device now."""
        return self.connection_of(device_id) is not None

    def connection_of(self, device_id: DeviceId) -> ConnectionId | None:
        """The connection through which a command can be sent to a device now."""
        if device_id not in self._known:
            if len(self._requested) < MAX_REQUESTED:
                self._requested.add(device_id)
                self._on_request()
            return None
        connection_id = self._known[device_id]
        return None if connection_id is None or self.is_paused(connection_id) or self.is_paused(device_id) else connection_id

    def is_paused(self, subject: ConnectionId | DeviceId) -> bool:
        """Whether a connection, or a device, is paused. Connections and devices never share an id."""
        pause = self._pauses.get(subject)
        return pause is not None and pause[1] > self._clock.now_us()

    def drain_requests(self) -> set[DeviceId]:
        """Return the devices to look up, and start again with none."""
        requested, self._requested = self._requested, set()
        return requested

    def restore_requests(self, requested: set[DeviceId]) -> None:
        """The devices could not be looked up: they are requested again."""
        self._requested |= requested

    def update(self, device_id: DeviceId, connection_id: ConnectionId | None) -> None:
        """Store the result of a look-up."""
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[device_id] = connection_id

    def forget_device(self, device_id: DeviceId) -> None:
        """Drop a changed device."""
        self._known.pop(device_id, None)
        self._pauses.pop(device_id, None)

    def reload(self, device_id: DeviceId) -> None:
        """Drop the connection of a device, so that it is looked up again on next use."""
        self._known.pop(device_id, None)

    def forget_connection(self, connection_id: ConnectionId) -> None:
        """Drop a changed connection: it may now be another server, and reach other devices."""
        self._pauses.pop(connection_id, None)
        # Devices without a connection are dropped too, because the changed connection may now reach them.
        self._known = {device: known for device, known in self._known.items() if known not in (None, connection_id)}

    def mark_failed(self, subject: ConnectionId | DeviceId, wait_us: int = 0) -> None:
        """A connection's server failed to accept a message, or a device had no subscriber. Counts once per pause.

        `wait_us` is how long the server asked to wait, which can be longer than the pause.
        """
        if self.is_paused(subject):
            # Several calls that fail together are one failure of the server, and double the pause once.
            return
        if len(self._pauses) >= MAX_KNOWN:
            self._pauses.clear()
        failures = self._pauses.get(subject, (0, 0))[0] + 1
        self._pauses[subject] = (failures, self._clock.now_us() + max(self._backoff.pause_us(failures), wait_us))

    def mark_working(self, subject: ConnectionId | DeviceId) -> None:
        """A connection's server accepted a message, or a device has a subscriber."""
        self._pauses.pop(subject, None)
