"""Listening for devices: who may come in, for how long, and who is cut off.

A connection is let in when its user is a device's id, its password the device's access token, the device is not paused and its
organisation not suspended. From then on it is found by device: when the device changes, reading stops at once, the token is
looked up anew, and the connection is cut if it no longer opens the door. Programs with an API key are let in beside them, to
listen (`live.py`).

Deadlines are kept by one task that looks at every connection about once a second, as at the HTTP door.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import ssl
from collections import Counter, defaultdict
from collections.abc import Coroutine, Sequence

import structlog

from penstock.core.actor import Actor
from penstock.core.commands.ports import CommandDispatch
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotConnected
from penstock.core.devices.link import ConnectivityListener, DisconnectReason
from penstock.core.devices.models import DeviceRef
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.policy import CallLimits
from penstock.core.telemetry.service import TelemetryService
from penstock.core.telemetry.store import ReadingLog
from penstock.core.tenancy.admission import Gate
from penstock.ingress.mqtt.admission import Admission, Refused
from penstock.ingress.mqtt.commands import MqttCommands
from penstock.ingress.mqtt.config import MqttConfig
from penstock.ingress.mqtt.connection import Connection, Faults, Parts
from penstock.ingress.mqtt.intake import Intake
from penstock.ingress.mqtt.live import LiveListeners
from penstock.ingress.mqtt.packets import Connect, Reason
from penstock.ingress.mqtt.protocol import Limits
from penstock.ingress.mqtt.retained import Retained
from penstock.ingress.mqtt.session import Session
from penstock.ingress.mqtt.sessions import Client, Sessions
from penstock.kit.clock import Clock
from penstock.kit.errors import PenstockError
from penstock.kit.ids import DeviceId, KeyId, OrgId, Prefix, encode

MAX_CLIENT_ID = 256
PURGE_S = 30.0
_LONGEST_SWEEP_S = 1.0
_LAST_WORDS_S = 2.0
"""How long peers may take to receive why they are closed, when the server stops."""
_log = structlog.get_logger()


class MqttServer:
    """The endpoint. Implements `DeviceLink` for the devices that are connected to it."""

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
        self._directory = directory
        self._gate = gate
        self._admission = Admission(directory, gate, limits)
        self._connectivity = connectivity
        self._retained = retained
        self._clock = clock
        self._intake = Intake(telemetry)
        offered = Limits(
            max_packet_bytes=config.max_packet_bytes,
            max_inflight=config.max_inflight,
            keep_alive_max_s=config.keep_alive_max_s,
            session_expiry_max_s=config.session_expiry_max_s,
            retain_available=config.retained != "off",
        )
        self.commands = MqttCommands(self, dispatch)
        self._parts = Parts(self, self._intake, telemetry, lane, self.commands, faults, offered, config.max_messages_per_s)
        self._sessions = Sessions(config.max_sessions)
        self._live = LiveListeners(gate)
        self._programs: dict[tuple[KeyId, str], Connection] = {}
        """Connections with an API key, by the key's id and the client's."""
        log.subscribe(self._live.tell)
        self._connections: dict[Connection, tuple[float, int]] = {}
        """Every socket, with the time since which its peer has taken none of our bytes that wait, and how many it had then."""
        self._connecting: Counter[str] = Counter()
        self._by_device: dict[DeviceId, list[Connection]] = defaultdict(list)
        self._by_client: dict[Client, Connection] = {}
        self._settling: dict[Client, Connection] = {}
        self._wills: dict[Client, tuple[asyncio.TimerHandle, Connection]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []
        self.stopping = False
        self._empty: asyncio.Event | None = None
        self.refused: Counter[str] = Counter()
        directory.subscribe(self._device_changed)

    @property
    def connections(self) -> int:
        """How many sockets are open."""
        return len(self._connections)

    @property
    def messages(self) -> int:
        """How many messages were taken in since the start."""
        return self._intake.messages

    # Listening.

    async def start(self, sockets: Sequence[socket.socket], tls_sockets: Sequence[socket.socket] = ()) -> None:
        """Listen on bound sockets, which are closed by `stop`.

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
        """From now on nobody is let in, and a connection that ends leaves no will: WebSockets go first, with HTTP."""
        self.stopping = True

    async def stop(self) -> None:
        """Take in nothing more, acknowledge what was taken in, tell every client, and close."""
        self.begin_stop()
        for server in self._servers:
            server.close()
        for timer, _ in self._wills.values():
            timer.cancel()
        for connection in list(self._connections):
            connection.hold_for_decision()
        with contextlib.suppress(TimeoutError):  # what the disk still does not take is repeated by the devices
            await asyncio.wait_for(self._settle(), _LAST_WORDS_S)
        for connection in list(self._connections):
            connection.cut(Reason.SHUTTING_DOWN, "the server stops", DisconnectReason.STOPPING)
        if self._connections:
            self._empty = asyncio.Event()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), _LAST_WORDS_S)
        for connection in list(self._connections):
            connection.abort()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.commands.settle(), _LAST_WORDS_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _settle(self) -> None:
        """Wait until every message that came is dealt with."""
        for connection in list(self._connections):
            await connection.settled()
        await self._intake.settle()

    def new_connection(self) -> Connection:
        """A connection, for a transport that is about to be open."""
        return Connection(self._parts)

    def met(self, connection: Connection) -> None:
        address = connection.address
        if self.stopping or len(self._connections) >= self._config.max_connections:
            self.refused["max_connections"] += 1
            connection.abort()
        elif self._connecting[address] >= self._config.max_connecting_per_address:
            self.refused["max_connecting_per_address"] += 1
            connection.abort()
        self._connections[connection] = (self._now(), 0)
        self._connecting[address] += 1

    def _decided(self, connection: Connection) -> None:
        """The socket no longer counts among those that have not proved anything."""
        self._connecting[connection.address] -= 1
        if not self._connecting[connection.address]:
            del self._connecting[connection.address]

    # Owner of connections.

    def decide(self, connection: Connection, connect: Connect) -> None:
        self._run(self._decide(connection, connect))

    async def _decide(self, connection: Connection, connect: Connect) -> None:
        try:
            who = await self._admission.admit(connect, connection.address)
            if connection.ended:
                return
            if isinstance(who, Actor):
                self._let_program_in(connection, connect, who)
            else:
                connection.token_digest = self._directory.digest(connect.password or b"")
                await self._let_in(connection, connect, who)
        except Refused as refused:
            self.refused[refused.reason.name.lower()] += 1
            connection.turn_away(refused.reason, refused.text)

    async def _let_in(self, connection: Connection, connect: Connect, device: DeviceRef) -> None:
        text = encode(Prefix.DEVICE, device.id)
        assigned = None if connect.client_id else f"{text}-{secrets.token_hex(8)}"
        connection.client_id = connect.client_id or assigned or ""
        client = (device.id, connection.client_id)
        # Each wait lets the device change or the client connect once more: from the last look on there is none.
        while not self._is_free(client) or self._directory.known_by_digest(connection.token_digest) != device:
            await self._settle_predecessor(client)
            device = await self._admission.look_again(connection.token_digest)
        if connection.ended or self.stopping:
            return
        self._end_delay(client, publish=connect.clean)
        session, present = self._sessions.take(client, clean=connect.clean, now=self._now())
        connection.admit(device, text)
        connection.will = connect.will
        connection.protocol.accept(connect, session, present=present, assigned_id=assigned)
        self._enter(client, connection, device)
        self.listening(connection)
        connection.open()

    def _let_program_in(self, connection: Connection, connect: Connect, actor: Actor) -> None:
        if self.stopping:
            return
        if self._live.count(actor.org_id) >= self._config.max_programs_per_org:
            raise Refused(Reason.QUOTA_EXCEEDED, f"at most {self._config.max_programs_per_org} programs may be connected")
        assigned = None if connect.client_id else f"key-{secrets.token_hex(8)}"
        client = (actor.key_id, connect.client_id or assigned or "")
        before = self._programs.get(client)
        if before is not None:
            before.cut(Reason.SESSION_TAKEN_OVER, "the client connected anew", DisconnectReason.REPLACED)
            self._live.leave(before)
        connection.client_id = client[1]
        self._programs[client] = connection
        self._decided(connection)
        self._live.join(connection, connection.admit_program(actor, connect.password or b""))
        connection.protocol.accept(connect, Session(), present=False, assigned_id=assigned)
        connection.open()

    def _is_free(self, client: Client) -> bool:
        return client not in self._by_client and client not in self._settling

    async def _settle_predecessor(self, client: Client) -> None:
        """End the client's connection before this one, and wait until its messages are dealt with: they may be repeated."""
        before = self._by_client.get(client)
        if before is not None:
            before.cut(Reason.SESSION_TAKEN_OVER, "the client connected anew", DisconnectReason.REPLACED, will=True)
        settling = self._settling.get(client)
        if settling is not None:
            await settling.settled()
            self._settling.pop(client, None)

    def _enter(self, client: Client, connection: Connection, device: DeviceRef) -> None:
        self._decided(connection)
        others = self._by_device[device.id]
        if len(others) >= self._config.max_connections_per_device:
            others[0].cut(Reason.QUOTA_EXCEEDED, f"a device has at most {len(others)} connections", DisconnectReason.REPLACED)
        self._by_client[client] = connection
        self._by_device[device.id].append(connection)
        self._connectivity.connected(device, self._clock.now_us())

    def left(self, connection: Connection) -> None:
        """Take a connection out of the books, once: it was let in and is at its end."""
        self._leave(connection)
        self._leave_program(connection)

    def _leave(self, connection: Connection) -> None:
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
        self._sessions.leave(client, protocol.session, protocol.session_expiry_s, self._now())
        if connection.pending:
            self._settling[client] = connection
            self._run(self._forget_settled(client, connection))
        self._connectivity.disconnected(device, connection.ended or DisconnectReason.LOST, self._clock.now_us())

    def _leave_program(self, connection: Connection) -> None:
        if connection.feed is not None:
            self._live.leave(connection)
            client = (connection.feed.actor.key_id, connection.client_id)
            if self._programs.get(client) is connection:
                del self._programs[client]

    async def _forget_settled(self, client: Client, connection: Connection) -> None:
        await connection.settled()
        if self._settling.get(client) is connection:
            del self._settling[client]

    def lost(self, connection: Connection) -> None:
        if self._connections.pop(connection, None) is not None and connection.device is None and connection.feed is None:
            self._decided(connection)
        self.left(connection)
        if self._empty is not None and not self._connections:
            self._empty.set()

    def listening(self, connection: Connection) -> None:
        if connection.device is not None and connection.downlink is not None and connection.downlink.command_topic:
            self._connectivity.listening(connection.device, self._clock.now_us())

    def subscribed(self, connection: Connection, filters: list[str]) -> None:
        if connection.feed is not None:
            self._run(self._retained.tell_values(connection, connection.feed, filters))
        elif connection.device is not None and connection.downlink is not None:
            self._run(self._retained.tell_command(connection, connection.downlink, connection.device))

    def delay_will(self, connection: Connection, delay_s: float) -> None:
        if connection.device is not None and not self.stopping:
            client = (connection.device.id, connection.client_id)

            def publish() -> None:
                self._wills.pop(client, None)
                connection.publish_will()

            self._wills[client] = asyncio.get_running_loop().call_later(delay_s, publish), connection

    def _end_delay(self, client: Client, *, publish: bool) -> None:
        """A client is back before its delayed will was due: that is published only if its session ends (MQTT 5, 3.1.3.2.2)."""
        waiting = self._wills.pop(client, None)
        if waiting is not None:
            timer, left = waiting
            timer.cancel()
            if publish:
                left.publish_will()

    # Changes of devices and organisations.

    def _device_changed(self, device_id: DeviceId) -> None:
        connections = self._by_device.get(device_id)
        if connections:
            for connection in connections:
                connection.hold_for_decision()
            self._run(self._recheck(list(connections)))

    async def _recheck(self, connections: list[Connection]) -> None:
        for connection in connections:
            try:
                connection.let_go_on(await self._admission.look_again(connection.token_digest))
            except Refused as refused:
                connection.cut(refused.reason, refused.text)
                if connection.device is not None and refused.reason is Reason.NOT_AUTHORIZED:
                    self._sessions.drop_device(connection.device.id)

    def organizations_changed(self) -> None:
        """Look again whether the organisations of connected devices are still answered."""
        self._run(self._recheck_organizations())

    async def _recheck_organizations(self) -> None:
        of_org: dict[OrgId, list[Connection]] = defaultdict(list)
        for connection in self._by_client.values():
            if connection.device is not None:
                of_org[connection.device.org_id].append(connection)
        for org_id, connections in of_org.items():
            try:
                await self._gate.check_running(org_id)
            except PenstockError as error:
                for connection in connections:
                    connection.cut(Reason.ADMINISTRATIVE_ACTION, error.detail)

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
        """The device's newest connection that waits for commands, and on which topic."""
        for connection in reversed(self._by_device.get(device_id, [])):
            topic = connection.downlink.command_topic if connection.downlink else None
            if topic is not None:
                return connection, topic
        return None

    # Deadlines.

    async def _sweep_forever(self) -> None:
        config = self._config
        interval_s = min(_LONGEST_SWEEP_S, config.connect_timeout_s / 4, config.write_stall_timeout_s / 4)
        last = purged = self._now()
        while True:
            await asyncio.sleep(interval_s)
            now = self._now()
            elapsed_s, last = now - last, now
            # The loop was held up, or the machine slept: what clients sent meanwhile is unread, so they are not late yet.
            if elapsed_s < 2 * interval_s + _LONGEST_SWEEP_S:
                for connection in list(self._connections):
                    self._sweep(connection, now)
            if now - purged >= PURGE_S:
                self._sessions.purge(now)
                purged = now
            if self.refused:
                _log.info("mqtt_refused", counts=dict(self.refused))
                self.refused.clear()

    def _sweep(self, connection: Connection, now: float) -> None:
        silent_s = now - connection.flow.heard_at
        if self._stalled(connection, now):
            self.refused["write_stalled"] += 1
            connection.abort()
        elif not connection.protocol.is_open:
            if silent_s > self._config.connect_timeout_s:
                self.refused["connect_timeout"] += 1
                connection.abort()
        elif not connection.flow.held and 0 < connection.protocol.keep_alive_s * 1.5 < silent_s:
            connection.cut(Reason.KEEP_ALIVE_TIMEOUT, "the client was silent", DisconnectReason.LOST, will=True)

    def _stalled(self, connection: Connection, now: float) -> bool:
        """Whether the peer leaves our bytes waiting and has taken none of them for too long."""
        since, taken_before = self._connections[connection]
        waiting, taken = connection.waiting_bytes, connection.taken_bytes
        if not waiting or taken != taken_before:
            self._connections[connection] = (now, taken)
            return False
        return now - since > self._config.write_stall_timeout_s

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _tls_context(config: MqttConfig) -> ssl.SSLContext:
    """Modern TLS only: Python's defaults still offer suites that Mozilla's intermediate profile does not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.load_cert_chain(config.tls_certificate, config.tls_key or None)
    return context
