"""The agents' WebSocket at /ws: who is let in, which connection speaks for which device, and who is cut off.

An agent is let in when its token is good, its device is not paused and its organisation not suspended. A device has one
connection; a new one replaces the one before. When the device changes, or its pairing, the connection stores nothing more until
both were looked up anew.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Coroutine

from penstock.core.agents.config import AgentsConfig
from penstock.core.agents.errors import AgentTokenInvalid
from penstock.core.agents.models import Agent
from penstock.core.agents.service import AgentService
from penstock.core.commands.models import Execution
from penstock.core.commands.ports import CommandDispatch, NotConnected, Receipt, Undeliverable
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DevicePaused
from penstock.core.devices.link import ConnectivityListener, DisconnectReason
from penstock.core.devices.models import DeviceStatus
from penstock.core.limits.policy import CallLimits
from penstock.core.tenancy.admission import Gate
from penstock.ingress.agents.connection import AgentConnection
from penstock.ingress.agents.intake import Intake
from penstock.kit.client import ClientAddress
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput, Kind, PenstockError, Unavailable
from penstock.kit.http import Receive, Scope, Send, credential, refuse_websocket
from penstock.kit.ids import DeviceId, OrgId, Prefix, encode
from penstock.kit.request_id import new_request_id
from penstock_agent import wire

PATH = wire.PATH
_REFUSED = {Kind.UNAUTHENTICATED: wire.CLOSE_CREDENTIAL, Kind.FORBIDDEN: wire.CLOSE_PAUSED}


class AgentServer:
    """The ASGI application. Implements `CommandTransport` for the agents that are connected."""

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
        directory.subscribe(self._device_changed)

    @property
    def connections(self) -> int:
        """How many agents are let in."""
        return len(self._connections)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        try:
            agent = await self._admit(scope)
        except PenstockError as error:
            await refuse_websocket(scope, send, error, new_request_id(), _REFUSED.get(error.kind, wire.CLOSE_LATER))
            return
        await send({"type": "websocket.accept", "subprotocol": wire.SUBPROTOCOL})
        connection = AgentConnection(self, agent, self._intake, send, self._clock)
        self._connections.add(connection)
        try:
            await connection.run(receive)
        finally:
            self._connections.discard(connection)
            self._leave(connection)

    async def _admit(self, scope: Scope) -> Agent:
        """The agent that connects.

        Raises:
            InvalidInput: it speaks no version of the protocol that we do.
            AgentTokenInvalid, DevicePaused, OrganizationSuspended, LimitExceeded, Unavailable.
        """
        if self.stopping or len(self._connections) >= self._config.max_connections:
            raise Unavailable(reason="no more agents can connect now")
        if wire.SUBPROTOCOL not in scope["subprotocols"]:
            raise InvalidInput.field("Sec-WebSocket-Protocol", f"the subprotocol is {wire.SUBPROTOCOL}")
        try:
            agent = await self._agents.authenticate(credential(scope) or b"")
        except AgentTokenInvalid:
            self._limits.record_failed_credential(self._clients.of(scope))
            raise
        return await self._checked(agent)

    async def _checked(self, agent: Agent) -> Agent:
        """The agent, if its device and organisation are answered."""
        await self._gate.check_running(agent.device.org_id)
        if agent.device.status is not DeviceStatus.ACTIVE:
            raise DevicePaused()
        return agent

    # Owner of connections.

    def greeted(self, connection: AgentConnection) -> None:
        device = connection.agent.device
        before = self._by_device.get(device.id)
        if before is not None:
            before.cut(wire.CLOSE_REPLACED, "the device connected anew", DisconnectReason.REPLACED)
            self._leave(before)
        self._by_device[device.id] = connection
        now_us = self._clock.now_us()
        self._connectivity.connected(device, now_us)
        # It may have changed between the look at its token and now, when nobody would have told this connection.
        self._device_changed(device.id)
        if connection.takes_commands:
            self._dispatch.connected(device.id)
            self._connectivity.listening(device, now_us)

    def _leave(self, connection: AgentConnection) -> None:
        """Take a connection out of the books, once."""
        device = connection.agent.device
        if self._by_device.get(device.id) is connection:
            del self._by_device[device.id]
            self._connectivity.disconnected(device, connection.ended or DisconnectReason.LOST, self._clock.now_us())

    def _device_changed(self, device_id: DeviceId) -> None:
        connection = self._by_device.get(device_id)
        if connection is not None and connection.ended is None:
            connection.hold()
            self._run(self._look_again(connection))

    def organizations_changed(self) -> None:
        """Look again whether the organisations of connected devices are still answered."""
        self._run(self._look_at_organizations())

    async def _look_at_organizations(self) -> None:
        of_org: dict[OrgId, list[AgentConnection]] = defaultdict(list)
        for connection in self._by_device.values():
            of_org[connection.agent.device.org_id].append(connection)
        for org_id, connections in of_org.items():
            try:
                await self._gate.check_running(org_id)
            except PenstockError as error:
                for connection in connections:
                    connection.cut(_REFUSED.get(error.kind, wire.CLOSE_LATER), error.detail)

    async def _look_again(self, connection: AgentConnection) -> None:
        try:
            connection.let_go_on(await self._checked(await self._agents.reload(connection.agent)))
        except PenstockError as error:
            connection.cut(_REFUSED.get(error.kind, wire.CLOSE_LATER), error.detail)

    def begin_stop(self) -> None:
        """Let nobody in any more, and tell every agent to come back soon."""
        self.stopping = True
        for connection in list(self._connections):
            connection.cut(wire.CLOSE_STOPPING, "the server stops", DisconnectReason.STOPPING)

    # CommandTransport

    def reaches(self, device_id: DeviceId) -> bool:
        connection = self._by_device.get(device_id)
        return connection is not None and connection.takes_commands

    async def deliver(self, execution: Execution) -> Receipt | NotConnected | Undeliverable:
        connection = self._by_device.get(execution.device_id)
        if connection is None or not connection.takes_commands:
            return NotConnected()
        text = wire.command(wire.Command(encode(Prefix.EXECUTION, execution.id), execution.name, execution.parameters))
        if len(text.encode()) > wire.MAX_FRAME_BYTES:
            return Undeliverable(reason=f"it is larger than the {wire.MAX_FRAME_BYTES} bytes that an agent takes")
        await connection.hand_over(text)
        return Receipt()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
