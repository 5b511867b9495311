"""The agents' WebSocket at /ws: admits agents, keeps one connection per device, and disconnects agents that lose their access.

An agent is admitted if its token is valid, its device is not paused and its organisation is not suspended. A device has one
connection; a new one replaces the previous one. When the device or its pairing changes, the connection stores nothing until
both have been loaded again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Coroutine

import structlog

from penstock.core.actor import Actor
from penstock.core.agents.config import AgentsConfig
from penstock.core.agents.errors import AgentTokenInvalid
from penstock.core.agents.models import Agent
from penstock.core.agents.service import AgentService
from penstock.core.commands.models import Execution, Transport
from penstock.core.commands.ports import CommandDispatch, NotConnected, Obstacle, Receipt, Undeliverable
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DevicePaused
from penstock.core.devices.link import ConnectivityListener, DisconnectReason
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.limits.policy import CallLimits
from penstock.core.tenancy.admission import Gate
from penstock.ingress.agents.connection import AgentConnection
from penstock.ingress.agents.intake import Intake
from penstock.kit.client import ClientAddress
from penstock.kit.clock import Clock
from penstock.kit.conditions import conditions
from penstock.kit.errors import InvalidInput, Kind, PenstockError, Unavailable
from penstock.kit.http import Receive, Scope, Send, credential, refuse_websocket
from penstock.kit.ids import DeviceId, OrgId, Prefix, encode
from penstock.kit.request_id import request_id_of
from penstock_agent import wire

PATH = wire.PATH
_log = structlog.get_logger()
_REFUSED = {Kind.UNAUTHENTICATED: wire.CLOSE_CREDENTIAL, Kind.FORBIDDEN: wire.CLOSE_PAUSED}


class AgentServer:
    """The ASGI application. Implements `CommandTransport` for connected agents."""

    def __init__(
        self,
        *,
        config: AgentsConfig,
        agents: AgentService,
        intake: Intake,
        directory: DeviceDirectory,
        gate: Gate,
        limits: CallLimits,
        clients: ClientAddress,
        connectivity: ConnectivityListener,
        dispatch: CommandDispatch,
        clock: Clock,
    ) -> None:
        self._config = config
        self._agents = agents
        self._intake = intake
        self._gate = gate
        self._limits = limits
        self._clients = clients
        self._connectivity = connectivity
        self._dispatch = dispatch
        self._clock = clock
        self._connections: set[AgentConnection] = set()
        self._by_device: dict[DeviceId, AgentConnection] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.stopping = False
        self._devices = directory
        directory.subscribe(self._device_changed)

    @property
    def connections(self) -> int:
        """The number of admitted agents."""
        return len(self._connections)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        try:
            agent = await self._admit(scope)
        except PenstockError as error:
            await refuse_websocket(scope, send, error, request_id_of(scope), _REFUSED.get(error.kind, wire.CLOSE_LATER))
            return
        await send({"type": "websocket.accept", "subprotocol": wire.SUBPROTOCOL})
        abort = scope.get("extensions", {}).get("penstock.abort", lambda: None)
        connect_timeout_s = self._config.connect_timeout_s
        connection = AgentConnection(self, agent, self._intake, send, self._clock, connect_timeout_s, abort)
        self._connections.add(connection)
        try:
            await connection.run(receive)
        finally:
            self._connections.discard(connection)
            self._leave(connection)

    async def _admit(self, scope: Scope) -> Agent:
        """Return the agent that connects.

        Raises:
            InvalidInput: the agent offers no version of the protocol that the server supports.
            AgentTokenInvalid, DevicePaused, OrganizationSuspended, LimitExceeded, Unavailable.
        """
        if self.stopping or len(self._connections) >= self._config.max_connections:
            raise Unavailable(reason="the limit of connected agents is reached; retry later")
        if wire.SUBPROTOCOL not in scope["subprotocols"]:
            raise InvalidInput.field("Sec-WebSocket-Protocol", f"the subprotocol must be {wire.SUBPROTOCOL}")
        try:
            agent = await self._agents.authenticate(credential(scope) or b"")
        except AgentTokenInvalid:
            self._limits.record_failed_credential(self._clients.of(scope))
            raise
        try:
            return await self._checked(agent)
        except PenstockError as error:
            self._intake.note_cut(agent.device, error.detail)
            raise

    async def _checked(self, agent: Agent) -> Agent:
        """Return the agent if its device and organisation are active."""
        await self._gate.check_running(agent.device.org_id)
        if agent.device.status is not DeviceStatus.ACTIVE:
            raise DevicePaused()
        return agent

    # Owner of connections.

    async def introduce(self, connection: AgentConnection, hello: wire.Hello) -> None:
        try:
            await self._agents.introduce(connection.agent, hello.macaddress, hello.version)
            conditions().over("agents_not_introduced")
        except PenstockError as error:
            # The agent can work all the same, and introduces itself again at its next connection.
            conditions().failing("agents_not_introduced", error)

    def handshake_completed(self, connection: AgentConnection) -> None:
        device = connection.agent.device
        before = self._by_device.get(device.id)
        if before is not None:
            before.cut(wire.CLOSE_REPLACED, "the device opened a new connection", DisconnectReason.REPLACED)
            self._leave(before, replaced=True)
        self._by_device[device.id] = connection
        now_us = self._clock.now_us()
        self._connectivity.connected(device, now_us)
        # A device that only replaced its connection was connected all the time.
        if before is None:
            self._run(self._record_connection(device, now_us, connected=True))
        # The device may have changed after its token was checked, when this connection was not registered to be notified.
        self._device_changed(device.id)
        if connection.accepts_commands:
            self._dispatch.connected(device.id)
            self._connectivity.listening(device, now_us)

    def _leave(self, connection: AgentConnection, *, replaced: bool = False) -> None:
        """Remove a connection from the registry, once."""
        device = connection.agent.device
        if self._by_device.get(device.id) is connection:
            del self._by_device[device.id]
            now_us = self._clock.now_us()
            self._connectivity.disconnected(device, connection.ended or DisconnectReason.LOST, now_us)
            # A server that stops says nothing about its devices.
            if not replaced and connection.ended is not DisconnectReason.STOPPING:
                self._run(self._record_connection(device, now_us, connected=False))

    async def _record_connection(self, device: DeviceRef, at_us: int, *, connected: bool) -> None:
        try:
            # Again, as it may have been paused or deleted, which is why its connection ended.
            current = await self._devices.get(device.org_id, device.id)
            await self._intake.record_connection(current, at_us, connected=connected)
        except PenstockError as error:
            _log.info("agent_connection_not_recorded", device=encode(Prefix.DEVICE, device.id), reason=error.code)

    def _device_changed(self, device_id: DeviceId) -> None:
        connection = self._by_device.get(device_id)
        if connection is not None and connection.ended is None:
            connection.hold()
            self._run(self._recheck(connection))

    def organizations_changed(self) -> None:
        """Check again whether the organisations of connected devices are active."""
        self._run(self._recheck_organizations())

    async def _recheck_organizations(self) -> None:
        of_org: dict[OrgId, list[AgentConnection]] = defaultdict(list)
        for connection in self._by_device.values():
            of_org[connection.agent.device.org_id].append(connection)
        for org_id, connections in of_org.items():
            try:
                await self._gate.check_running(org_id)
            except PenstockError as error:
                for connection in connections:
                    connection.cut(_REFUSED.get(error.kind, wire.CLOSE_LATER), error.detail)

    async def _recheck(self, connection: AgentConnection) -> None:
        try:
            connection.resume(await self._checked(await self._agents.reload(connection.agent)))
        except PenstockError as error:
            connection.cut(_REFUSED.get(error.kind, wire.CLOSE_LATER), error.detail)

    def begin_stop(self) -> None:
        """Admit no more agents, and ask every connected agent to reconnect soon."""
        self.stopping = True
        for connection in list(self._connections):
            connection.cut(wire.CLOSE_STOPPING, "the server is stopping", DisconnectReason.STOPPING)

    # CommandTransport

    def reaches(self, device_id: DeviceId) -> bool:
        connection = self._by_device.get(device_id)
        return connection is not None and connection.accepts_commands

    async def find_obstacle(self, execution: Execution) -> Obstacle | None:
        """Commands for agents wait for one that is away; if there is none, that is the obstacle."""
        if execution.transport is not Transport.AGENT:
            return None
        if not self._config.enabled:
            return Obstacle(reason="agents are disabled on this server (agents.enabled)", final=True)
        if await self._agents.find(Actor.system(execution.org_id), execution.device_id) is None:
            return Obstacle(reason="no agent is paired with the device yet", final=False)
        return None

    async def deliver(self, execution: Execution) -> Receipt | NotConnected | Undeliverable:
        connection = self._by_device.get(execution.device_id)
        if connection is None or not connection.accepts_commands:
            return NotConnected()
        text = wire.command(wire.Command(encode(Prefix.EXECUTION, execution.id), execution.name, execution.parameters))
        if len(text.encode()) > wire.MAX_FRAME_BYTES:
            return Undeliverable(reason=f"the message must be at most {wire.MAX_FRAME_BYTES} bytes")
        await connection.send_command(text)
        return Receipt()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
