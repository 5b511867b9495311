"""Listens for MQTT: sockets, TLS, the endpoint's tasks, and an orderly shutdown.

`gatekeeper.py` admits clients, `presence.py` tracks them, `deadlines.py` detects late ones. This module connects these parts, and
counts every socket before it is authenticated.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections import Counter
from collections.abc import Coroutine, Sequence

import structlog

from penstock.core.commands.ports import CommandDispatch
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.link import ConnectivityListener, DisconnectReason
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.policy import CallLimits
from penstock.core.telemetry.service import TelemetryService
from penstock.core.telemetry.store import ReadingLog
from penstock.core.tenancy.admission import Gate
from penstock.ingress.mqtt.admission import Admission
from penstock.ingress.mqtt.commands import MqttCommands
from penstock.ingress.mqtt.config import MqttConfig
from penstock.ingress.mqtt.connection import Connection, Parts
from penstock.ingress.mqtt.deadlines import Deadlines
from penstock.ingress.mqtt.gatekeeper import Gatekeeper
from penstock.ingress.mqtt.intake import Intake
from penstock.ingress.mqtt.live import LiveListeners
from penstock.ingress.mqtt.presence import Presence
from penstock.ingress.mqtt.protocol.handshake import Limits
from penstock.ingress.mqtt.protocol.packets import Connect, Reason
from penstock.ingress.mqtt.retained import Retained
from penstock.ingress.mqtt.sessions import DelayedWills, Sessions
from penstock.ingress.mqtt.uplink import Faults, UplinkParts
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId

PURGE_S = 30.0
_LAST_WORDS_S = 2.0
"""How long peers may take to receive the reason for closing when the server stops."""
_log = structlog.get_logger()


class MqttServer:
    """The endpoint. Implements `connection.Owner`."""

    def __init__(
        self,
        *,
        config: MqttConfig,
        telemetry: TelemetryService,
        lane: BackfillLane,
        log: ReadingLog,
        directory: DeviceDirectory,
        gate: Gate,
        limits: CallLimits,
        dispatch: CommandDispatch,
        faults: Faults,
        connectivity: ConnectivityListener,
        retained: Retained,
        clock: Clock,
    ) -> None:
        self._config = config
        self._retained = retained
        self._connections: set[Connection] = set()
        """Every open socket, whether its client was admitted or not."""
        self._connecting: Counter[str] = Counter()
        """The number of unauthenticated sockets, by address."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []
        self._empty: asyncio.Event | None = None
        self.unreachable: str | None = None
        """Why no client can connect except over WebSocket; None if they can."""
        self.refused: Counter[str] = Counter()
        self._sessions = Sessions(config.max_sessions)
        self._wills = DelayedWills()
        self._live = LiveListeners(gate)
        self.presence = Presence(self._sessions, connectivity, clock, self._run, config.max_connections_per_device)
        self._gatekeeper = Gatekeeper(
            admission=Admission(directory, gate, limits, refuses_foreign=config.foreign_topic == "cut"),
            directory=directory,
            gate=gate,
            presence=self.presence,
            live=self._live,
            sessions=self._sessions,
            wills=self._wills,
            refused=self.refused,
            faults=faults,
            max_programs_per_org=config.max_programs_per_org,
        )
        self._intake = Intake(telemetry)
        self.commands = MqttCommands(self.presence, dispatch)
        uplink = UplinkParts(
            intake=self._intake,
            telemetry=telemetry,
            lane=lane,
            commands=self.commands,
            faults=faults,
            max_inflight=config.max_inflight,
            cuts_foreign=config.foreign_topic == "cut",
        )
        self._parts = Parts(owner=self, limits=_limits(config), max_messages_per_s=config.max_messages_per_s, uplink=uplink)
        log.subscribe(self._live.publish)
        directory.subscribe(self._device_changed)

    @property
    def connections(self) -> int:
        """The number of open sockets."""
        return len(self._connections)

    @property
    def messages(self) -> int:
        """The number of accepted messages since the start."""
        return self._intake.messages

    @property
    def stopping(self) -> bool:
        return self._gatekeeper.closed

    # Start and stop.

    async def start(self, sockets: Sequence[socket.socket], tls_sockets: Sequence[socket.socket] = ()) -> None:
        """Listen on bound sockets, which `stop` closes.

        Raises:
            OSError, ssl.SSLError: the certificate or its key cannot be used.
        """
        loop = asyncio.get_running_loop()
        context = _tls_context(self._config) if tls_sockets else None
        for bound in sockets:
            self._servers.append(await loop.create_server(self.new_connection, sock=bound))
        for bound in tls_sockets:
            timeout_s = self._config.connect_timeout_s
            server = await loop.create_server(self.new_connection, sock=bound, ssl=context, ssl_handshake_timeout=timeout_s)
            self._servers.append(server)
        self._run(self._sweep_forever())
        self._run(self._live.recheck_forever())

    def begin_stop(self) -> None:
        """Admit no more clients, and publish no wills: the HTTP server closes the WebSockets first."""
        self._gatekeeper.closed = True

    async def stop(self) -> None:
        """Accept nothing more, acknowledge the accepted messages, notify every client, and close."""
        self.begin_stop()
        for server in self._servers:
            server.close()
        self._wills.drop_all()
        for connection in list(self._connections):
            connection.hold_for_decision()
        with contextlib.suppress(TimeoutError):  # the devices repeat what is not stored in time
            await asyncio.wait_for(self._settle(), _LAST_WORDS_S)
        for connection in list(self._connections):
            connection.cut(Reason.SHUTTING_DOWN, "the server is stopping", DisconnectReason.STOPPING)
        if self._connections:
            self._empty = asyncio.Event()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), _LAST_WORDS_S)
        for connection in list(self._connections):
            connection.abort()
        # After the connections: a receipt that is still pending ends with its connection.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.commands.settle(), _LAST_WORDS_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _settle(self) -> None:
        """Wait until every received message is handled."""
        for connection in list(self._connections):
            await connection.settled()
        await self._intake.settle()

    async def _sweep_forever(self) -> None:
        loop = asyncio.get_running_loop()
        purged = loop.time()
        deadlines = Deadlines(self._config, self.refused, purged)
        while True:
            await asyncio.sleep(deadlines.interval_s)
            now = loop.time()
            deadlines.sweep(self._connections, now)
            if now - purged >= PURGE_S:
                self._sessions.purge(now)
                purged = now
            if self.refused:
                _log.info("mqtt_refused", counts=dict(self.refused))
                self.refused.clear()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Changes of devices and organisations.

    def _device_changed(self, device_id: DeviceId) -> None:
        connections = self.presence.of_device(device_id)
        if connections:
            # Immediately, before the directory is queried: no further message is read from a device that may have lost its
            # access.
            for connection in connections:
                connection.hold_for_decision()
            self._run(self._gatekeeper.recheck(connections))

    def organizations_changed(self) -> None:
        """Check again whether the organisations of connected devices are active."""
        self._run(self._gatekeeper.recheck_organizations())

    # Owner of connections.

    def new_connection(self) -> Connection:
        """Create a connection, for a transport that is about to open."""
        return Connection(self._parts)

    def connection_opened(self, connection: Connection) -> None:
        address = connection.address
        if self.stopping or len(self._connections) >= self._config.max_connections:
            self.refused["max_connections"] += 1
            connection.abort()
        elif self._connecting[address] >= self._config.max_connecting_per_address:
            self.refused["max_connecting_per_address"] += 1
            connection.abort()
        # An aborted one too: it is open until `connection_lost` is called, which removes it again.
        self._connections.add(connection)
        self._connecting[address] += 1

    def decide(self, connection: Connection, connect: Connect) -> None:
        self._run(self._gatekeeper.decide(connection, connect))

    def client_admitted(self, connection: Connection) -> None:
        self._count_out(connection.address)

    def _count_out(self, address: str) -> None:
        """Decrement the number of unauthenticated sockets of an address."""
        self._connecting[address] -= 1
        if not self._connecting[address]:
            del self._connecting[address]

    def connection_closed(self, connection: Connection) -> None:
        self.presence.leave(connection)
        self._live.leave(connection)

    def connection_lost(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            if not connection.is_admitted:
                self._count_out(connection.address)
        self.connection_closed(connection)
        if self._empty is not None and not self._connections:
            self._empty.set()

    def listening(self, connection: Connection) -> None:
        self.presence.wake_if_listening(connection)

    def subscribed(self, connection: Connection, filters: list[str]) -> None:
        if connection.feed is not None:
            self._run(self._retained.send_last_values(connection, connection.feed, filters))
        elif connection.device is not None and connection.downlink is not None:
            self._run(self._retained.send_last_command(connection, connection.downlink, connection.device))

    def delay_will(self, connection: Connection, delay_s: float) -> None:
        if connection.device is not None and not self.stopping:
            self._wills.delay((connection.device.id, connection.client_id), delay_s, connection.publish_will)


def _limits(config: MqttConfig) -> Limits:
    """The limits that CONNACK announces."""
    return Limits(
        max_packet_bytes=config.max_packet_bytes,
        max_inflight=config.max_inflight,
        keep_alive_max_s=config.keep_alive_max_s,
        session_expiry_max_s=config.session_expiry_max_s,
        retain_available=config.retained != "off",
    )


def _tls_context(config: MqttConfig) -> ssl.SSLContext:
    """Modern TLS only: Python's defaults still offer suites that Mozilla's intermediate profile does not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.load_cert_chain(config.tls_certificate, config.tls_key or None)
    return context
