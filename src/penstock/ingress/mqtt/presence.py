"""Which connection speaks for which device, from the moment it was let in until it is at its end.

A client has one connection: a new one takes over from the one before, with its session. A device may have several clients, and
commands go to the newest that listens. Who may come in is not decided here but in `door.py`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine

from penstock.core.devices.errors import DeviceNotConnected
from penstock.core.devices.link import ConnectivityListener, DisconnectReason
from penstock.core.devices.models import DeviceRef
from penstock.ingress.mqtt.connection import Connection
from penstock.ingress.mqtt.protocol.packets import Reason
from penstock.ingress.mqtt.sessions import Client, Sessions
from penstock.kit.clock import Clock

Run = Callable[[Coroutine[None, None, None]], None]
"""Starts a task that the server waits for, or cancels, when it stops."""


class Presence:
    """The connections of devices that were let in. Implements `DeviceLink` for them."""

    def __init__(
        self, sessions: Sessions, connectivity: ConnectivityListener, clock: Clock, run: Run, max_connections_per_device: int
    ) -> None:
        self._sessions = sessions
        self._connectivity = connectivity
        self._clock = clock
        self._run = run
        self._max_connections_per_device = max_connections_per_device
        self._by_device: dict[int, list[Connection]] = defaultdict(list)
        self._by_client: dict[Client, Connection] = {}
        self._settling: dict[Client, Connection] = {}
        """Connections at their end whose messages are still on their way to the disk."""

    # Taking over.

    def is_free(self, client: Client) -> bool:
        """Whether a client has no other connection, and all that an earlier one sent is dealt with."""
        return client not in self._by_client and client not in self._settling

    async def free(self, client: Client) -> None:
        """End the client's connection before this one, and wait until its messages are dealt with: they may be repeated."""
        before = self._by_client.get(client)
        if before is not None:
            before.cut(Reason.SESSION_TAKEN_OVER, "the client connected anew", DisconnectReason.REPLACED, will=True)
        settling = self._settling.get(client)
        if settling is not None:
            await settling.settled()
            self._settling.pop(client, None)

    def enter(self, client: Client, connection: Connection, device: DeviceRef) -> None:
        """A client is connected; the device's oldest connection gives way if it has too many."""
        others = self._by_device[device.id]
        if len(others) >= self._max_connections_per_device:
            others[0].cut(Reason.QUOTA_EXCEEDED, f"a device has at most {len(others)} connections", DisconnectReason.REPLACED)
        self._by_client[client] = connection
        # Looked up anew: when the last of the others was cut, their list left the books.
        self._by_device[device.id].append(connection)
        self._connectivity.connected(device, self._clock.now_us())

    def leave(self, connection: Connection) -> None:
        """Take a connection out of the books, once, and keep its session."""
        device = connection.device
        if device is None:
            return
        client = (device.id, connection.client_id)
        if self._by_client.get(client) is not connection:
            return
        del self._by_client[client]
        others = self._by_device[device.id]
        others.remove(connection)
        if not others:
            del self._by_device[device.id]
        protocol = connection.protocol
        self._sessions.leave(client, protocol.session, protocol.session_expiry_s, asyncio.get_running_loop().time())
        if connection.has_unsettled:
            self._settling[client] = connection
            self._run(self._forget_settled(client, connection))
        self._connectivity.disconnected(device, connection.ended or DisconnectReason.LOST, self._clock.now_us())

    async def _forget_settled(self, client: Client, connection: Connection) -> None:
        await connection.settled()
        if self._settling.get(client) is connection:
            del self._settling[client]

    # Looking up.

    def of_device(self, device_id: int) -> list[Connection]:
        """The connections of a device, the oldest first."""
        return list(self._by_device.get(device_id, ()))

    def by_organization(self) -> dict[int, list[Connection]]:
        """All connections of devices, by organisation."""
        of_org: dict[int, list[Connection]] = defaultdict(list)
        for connection in self._by_client.values():
            if connection.device is not None:
                of_org[connection.device.org_id].append(connection)
        return of_org

    def note_listening(self, connection: Connection) -> None:
        """A device may have begun to wait for commands: tell those who have some, if it does."""
        if connection.device is not None and connection.downlink is not None and connection.downlink.command_topic:
            self._connectivity.listening(connection.device, self._clock.now_us())

    # DeviceLink

    def deliver(self, device_id: int, payload: bytes, command_id: str) -> asyncio.Future[bool]:
        found = self._listening(device_id)
        if found is None:
            raise DeviceNotConnected()
        connection, topic = found
        return connection.deliver(topic, payload, command_id)

    def is_listening(self, device_id: int) -> bool:
        return self._listening(device_id) is not None

    def has_room(self, device_id: int) -> bool:
        found = self._listening(device_id)
        return found is not None and found[0].downlink is not None and found[0].downlink.has_room

    def _listening(self, device_id: int) -> tuple[Connection, str] | None:
        """The device's newest connection that waits for commands, and on which topic."""
        for connection in reversed(self._by_device.get(device_id, [])):
            topic = connection.downlink.command_topic if connection.downlink else None
            if topic is not None:
                return connection, topic
        return None
