"""Agents for the bench: many of them in this process, over real WebSockets, with the protocol of the agent itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench.http import now, request
from bench.loadgen import OPENED_AT_ONCE, LoadFailed, run, send_all
from bench.server import Server
from penstock_agent import wire

TYPE = "bench-agent"
COMMAND = "ping"


class Paired(msgspec.Struct, frozen=True):
    """A device and its agent's token."""

    device: str
    token: str


def pair_agents(server: Server, count: int) -> list[Paired]:
    """Create devices of one type, each paired with an agent through the API."""
    bodies = (msgspec.json.encode({"name": f"Agent {number}", "type": TYPE}) for number in range(count))
    made = _posted(server, [server.post("/api/v2/devices", body) for body in bodies])
    devices = [item["device"]["id"] for item in made]
    codes = _posted(server, [server.post(f"/api/v2/devices/{device}/pair-code", b"") for device in devices])
    about = {"macaddress": "", "agent_version": "1.0.0"}
    bodies = [msgspec.json.encode(about | {"pair_code": code["pair_code"]}) for code in codes]
    tokens = _posted(server, [request("POST", "/api/v2/agents/provision", {}, body) for body in bodies])
    return [Paired(device, item["token"]) for device, item in zip(devices, tokens, strict=True)]


def _posted(server: Server, requests: list[bytes]) -> list[dict[str, dict[str, str]]]:
    return [msgspec.json.decode(answer) for answer in run(send_all(server.port, requests))]


class Fleet:
    """Connected agents that execute each command immediately. `took_s` are round trips, from the call to the report on disk."""

    def __init__(self) -> None:
        self.took_s: list[float] = []
        self._called: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, server: Server, agents: Sequence[Paired], stack: AsyncExitStack) -> None:
        """Connect the agents, and let them respond until the stack is closed."""
        for begin in range(0, len(agents), OPENED_AT_ONCE):
            some = agents[begin : begin + OPENED_AT_ONCE]
            for socket in await asyncio.gather(*(_connected(server.port, one.token) for one in some)):
                stack.push_async_callback(socket.close)
                self._tasks.append(asyncio.create_task(self._serve(socket)))

    async def _serve(self, socket: ClientConnection) -> None:
        machine, seq = wire.AgentSide(), 0
        machine.receive(str(await socket.recv()))
        under_way: dict[int, str] = {}
        async for text in socket:
            frame = machine.receive(str(text))
            if isinstance(frame, wire.Command):
                seq += 1
                under_way[seq] = frame.id
                await socket.send(wire.rows([wire.row(seq, wire.report_body(frame.id, "done"))]))
            elif isinstance(frame, wire.Ack):
                for done in [one for one in under_way if one <= frame.seq]:
                    self._record(under_way.pop(done), ended=now())

    def _record(self, execution: str, *, called: float | None = None, ended: float | None = None) -> None:
        """Record one half of a round trip; the halves arrive in either order."""
        if called is not None:
            self._called[execution] = called
        if ended is not None:
            self._ended[execution] = ended
        if execution in self._called and execution in self._ended:
            self.took_s.append(self._ended.pop(execution) - self._called.pop(execution))

    async def command(self, server: Server, agents: Sequence[Paired], definition: str, per_second: int, seconds: float) -> int:
        """Send a command to one agent after another, at a fixed rate, and wait for the last result. Returns the number sent."""
        limits = httpx.Limits(max_connections=16)
        headers, address = server.org.headers(), server.running.base_url
        async with httpx.AsyncClient(base_url=address, headers=headers, limits=limits, timeout=30) as client:
            calls, begun = [], now()
            for number in range(int(per_second * seconds)):
                await asyncio.sleep(max(0.0, begun + number / per_second - now()))
                device = agents[number * 7 % len(agents)].device
                path = f"/api/v2/devices/{device}/commands/{definition}/execute"
                calls.append(asyncio.create_task(self._execute(client, path)))
            await asyncio.gather(*calls)
            async with asyncio.timeout(30):
                while self._called:
                    await asyncio.sleep(0.02)
        broken = [task for task in self._tasks if task.done()]
        if broken:
            raise LoadFailed(f"{len(broken)} agents were disconnected")
        return len(calls)

    async def _execute(self, client: httpx.AsyncClient, path: str) -> None:
        called = now()
        answer = await client.post(path, json={})
        if not answer.is_success:
            raise LoadFailed(f"a command got the response {answer.status_code}")
        self._record(answer.json()["id"], called=called)


async def _connected(port: int, token: str) -> ClientConnection:
    socket = await connect(
        f"ws://127.0.0.1:{port}{wire.PATH}",
        additional_headers={"Authorization": f"Bearer {token}"},
        subprotocols=[Subprotocol(wire.SUBPROTOCOL)],
        compression=None,
        ping_interval=None,
        proxy=None,
        open_timeout=30,
    )
    await socket.send(wire.hello(wire.Hello("1.0.0", "5f1ee2c0a7714be3", "")))
    return socket
