"""Tracks the open connections of devices, from admission to end.

A client has one connection: a new one replaces the previous one and takes over its session. A device can have several clients;
commands go to the newest one that is subscribed to them. `gatekeeper.py` decides which clients are admitted.
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
from penstock.kit.ids import DeviceId, OrgId

Run = Callable[[Coroutine[None, None, None]], None]
"""Starts a task that the server waits for, or cancels, when it stops."""


class Presence:
    """The connections of admitted devices. Implements `DeviceLink` for them."""

    def __init__(
        self, sessions: Sessions, connectivity: ConnectivityListener, clock: Clock, run: Run, max_connections_per_device: int
    ) -> None:
        self._sessions = sessions
        self._connectivity = connectivity
        self._clock = clock
        self._run = run
        self._max_connections_per_device = max_connections_per_device
        self._by_device: dict[DeviceId, list[Connection]] = defaultdict(list)
        self._by_client: dict[Client, Connection] = {}
        self._settling: dict[Client, Connection] = {}
        """Ended connections whose messages are still being written to disk."""

    # Taking over.

    def is_free(self, client: Client) -> bool:
        """Whether a client has no other connection, and all messages of an earlier one are handled."""
        return client not in self._by_client and client not in self._settling

    async def free(self, client: Client) -> None:
        """Close the client's previous connection, and wait until its messages are handled: they may be repeated."""
        before = self._by_client.get(client)
        if before is not None:
            before.cut(Reason.SESSION_TAKEN_OVER, "the client opened a new connection", DisconnectReason.REPLACED, will=True)
        settling = self._settling.get(client)
        if settling is not None:
            await settling.settled()
            self._settling.pop(client, None)

    def enter(self, client: Client, connection: Connection, device: DeviceRef) -> None:
        """Register a client's connection. If the device has too many, its oldest connection is closed."""
        others = self._by_device[device.id]
        if len(others) >= self._max_connections_per_device:
            others[0].cut(
                Reason.QUOTA_EXCEEDED, f"a device can have at most {len(others)} connections", DisconnectReason.REPLACED
            )
        self._by_client[client] = connection
        # Looked up again: if the last of the other connections was closed, their list was removed.
        self._by_device[device.id].append(connection)
        self._connectivity.connected(device, self._clock.now_us())

    def leave(self, connection: Connection) -> None:
        """Remove a connection from the registry, once, and keep its session."""
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

    # Look-ups.

    def of_device(self, device_id: DeviceId) -> list[Connection]:
        """The connections of a device, the oldest first."""
        return list(self._by_device.get(device_id, ()))

    def by_organization(self) -> dict[OrgId, list[Connection]]:
        """All connections of devices, by organisation."""
        of_org: dict[OrgId, list[Connection]] = defaultdict(list)
        for connection in self._by_client.values():
            if connection.device is not None:
                of_org[connection.device.org_id].append(connection)
        return of_org

    def wake_if_listening(self, connection: Connection) -> None:
        """The device may have subscribed to commands: if it has, notify those who send commands."""
        if connection.device is not None and connection.downlink is not None and connection.downlink.command_topic:
            self._connectivity.listening(connection.device, self._clock.now_us())

    # DeviceLink

    def deliver(self, device_id: DeviceId, payload: bytes, command_id: str) -> asyncio.Future[bool]:
        found = self._listening(device_id)
        if found is None:
            raise DeviceNotConnected()
        connection, topic = found
        return connection.deliver(topic, payload, command_id)

    def is_listening(self, device_id: DeviceId) -> bool:
        return self._listening(device_id) is not None

    def has_room(self, device_id: DeviceId) -> bool:
        found = self._listening(device_id)
        return found is not None and found[0].downlink is not None and found[0].downlink.has_room

    def _listening(self, device_id: DeviceId) -> tuple[Connection, str] | None:
        """The device's newest connection that is subscribed to commands, and its topic."""
        for connection in reversed(self._by_device.get(device_id, [])):
            topic = connection.downlink.command_topic if connection.downlink else None
            if topic is not None:
                return connection, topic
        return None
