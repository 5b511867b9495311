"""One agent's WebSocket.

Two tasks serve it. One reads frames and answers keep-alive frames immediately; the other stores rows in order and acknowledges
them. The queue between them is short: an agent that keeps to its window never waits for the reader, and TCP slows a faster one.

When the device changes, nothing is stored until the device has been loaded again (`hold`, `resume`, `cut`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from penstock.core.agents.models import Agent
from penstock.core.devices.errors import DevicePaused
from penstock.core.devices.link import DisconnectReason
from penstock.ingress.agents.intake import Intake
from penstock.ingress.agents.translate import Frame, read_frame
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.errors import PenstockError
from penstock.kit.http import Receive, Send
from penstock.kit.ids import Prefix, encode
from penstock_agent import wire

WAITING_FRAMES = 8
"""Frames queued between the two tasks: twice an agent's window."""
MAX_REASON_BYTES = 120
"""Of a close frame's reason, which can have 123 (RFC 6455, 5.5)."""
_log = structlog.get_logger()


class Owner(Protocol):
    """The part of the server that a connection uses."""

    async def introduce(self, connection: AgentConnection, hello: wire.Hello) -> None:
        """Record what the agent reports about itself."""

    def handshake_completed(self, connection: AgentConnection) -> None:
        """The agent sent its hello: this is now the device's connection."""


class AgentConnection:
    """The connection of an admitted agent."""

    def __init__(
        self,
        owner: Owner,
        agent: Agent,
        intake: Intake,
        send: Send,
        clock: Clock,
        connect_timeout_s: float,
        abort: Callable[[], object],
    ) -> None:
        """`abort` ends the connection at once."""
        self.agent = agent
        self.ended: DisconnectReason | None = None
        self.hello: wire.Hello | None = None
        self._owner = owner
        self._intake = intake
        self._send = send
        self._clock = clock
        self._connect_timeout_s = connect_timeout_s
        self._abort = abort
        self._machine = wire.ServerSide()
        self._frames: asyncio.Queue[Frame] = asyncio.Queue(WAITING_FRAMES)
        self._may_store = asyncio.Event()
        self._may_store.set()
        self._over = asyncio.Event()
        self._close: tuple[int, str] | None = None

    @property
    def device_text(self) -> str:
        """The device's public id."""
        return encode(Prefix.DEVICE, self.agent.device.id)

    @property
    def accepts_commands(self) -> bool:
        """Whether the agent can receive a command now."""
        return self.ended is None and self.hello is not None and self.hello.commands

    async def run(self, receive: Receive) -> None:
        """Serve until either side closes the connection."""
        work: list[Awaitable[None]] = [self._read(receive), self._store_all(), self._wait_for_end()]
        tasks = [asyncio.ensure_future(one) for one in work]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.ended = self.ended or DisconnectReason.LOST
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._close is not None:
            code, reason = self._close
            await self._send_message({"type": "websocket.close", "code": code, "reason": _shortened(reason)})

    # Decisions of the server.

    def cut(self, code: int, reason: str, why: DisconnectReason = DisconnectReason.CUT) -> None:
        """Close the connection from the server's side."""
        if self.ended is None:
            if why is DisconnectReason.CUT:
                _log.info("agent_cut", device=self.device_text, reason=reason)
            if why is not DisconnectReason.STOPPING:
                self._intake.note_cut(self.agent.device, reason)
            self.ended, self._close = why, (code, reason)
            self._over.set()

    def hold(self) -> None:
        """Store nothing until the server has decided whether the device may still send."""
        self._may_store.clear()

    def resume(self, agent: Agent) -> None:
        """Resume after `hold`: the device may still send."""
        self.agent = agent
        self._may_store.set()

    async def send_command(self, text: str) -> None:
        """Send a command."""
        await self._send_message({"type": "websocket.send", "text": text})

    # The two tasks.

    async def _read(self, receive: Receive) -> None:
        try:
            # One deadline for the whole frame, which a slow client can send in any number of pieces.
            async with asyncio.timeout(self._connect_timeout_s):
                await self._read_one(receive)
        except TimeoutError:
            # Without a closing handshake, which such a client would delay as well.
            self._abort()
            self.cut(wire.CLOSE_PROTOCOL, "no hello was received in time")
        while self.ended is None:
            await self._read_one(receive)

    async def _read_one(self, receive: Receive) -> None:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            goodbye = message.get("code") in (1000, 1001)
            self.ended = self.ended or (DisconnectReason.GOODBYE if goodbye else DisconnectReason.LOST)
            return
        try:
            text = message.get("text")
            if text is None:
                raise wire.ProtocolError("a frame must be text")
            frame = read_frame(self._machine, text.encode())
        except wire.ProtocolError as error:
            self.cut(wire.CLOSE_PROTOCOL, str(error))
            return
        await self._take(frame)

    async def _take(self, frame: Frame) -> None:
        meaning = frame.meaning
        if isinstance(meaning, wire.Hello):
            # Before the welcome, so that a client that sees the agent connected sees its version too.
            await self._owner.introduce(self, meaning)
            await self._send_message(
                {"type": "websocket.send", "text": wire.welcome(self.device_text, self._clock.now_us() / SECOND_US)}
            )
            self.hello = meaning
            self._owner.handshake_completed(self)
        elif isinstance(meaning, wire.Heartbeat):
            await self._send_message({"type": "websocket.send", "text": wire.heartbeat(meaning.number)})
        else:
            await self._frames.put(frame)

    async def _store_all(self) -> None:
        while True:
            frame = await self._frames.get()
            await self._may_store.wait()
            assert self.hello is not None
            try:
                done = await self._intake.store(self.agent.device, self.hello.spool, frame)
            except DevicePaused as error:
                self.cut(wire.CLOSE_PAUSED, error.detail)
                return
            except PenstockError as error:
                await self._give_up(error)
                return
            # Check again: the device may have been removed while this task waited for the disk, and then nothing is acknowledged.
            await self._may_store.wait()
            await self._send_message({"type": "websocket.send", "text": wire.ack(done)})

    async def _give_up(self, error: PenstockError) -> None:
        """Report why nothing can be stored and when to retry, and close."""
        reason = wire.CloseReason(error.code, error.detail, error.facts.get("retry_after_s", 0))
        await self._send_message({"type": "websocket.send", "text": wire.close_reason(reason)})
        self.cut(wire.CLOSE_LATER, error.code)

    async def _wait_for_end(self) -> None:
        await self._over.wait()

    async def _send_message(self, message: dict[str, object]) -> None:
        with contextlib.suppress(RuntimeError, OSError):  # the peer has closed; the reader notices
            await self._send(message)


def _shortened(reason: str) -> str:
    return reason.encode()[:MAX_REASON_BYTES].decode("utf-8", "ignore")
