"""One agent's WebSocket.

Two tasks: one reads frames and answers signs of life at once, the other stores rows in their order and acknowledges. Between
them lie so few frames that an agent which keeps to its window never waits for the reader, and a faster one is held by TCP.

When the device changes, nothing more is stored until it was looked up anew (`hold`, `let_go_on`, `cut`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
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

HELLO_S = 10.0
"""From the handshake to the first frame."""
WAITING_FRAMES = 8
"""Frames between reader and store: twice what an agent sends ahead."""
MAX_REASON_BYTES = 120
"""Of a close frame, which has 123 for it (RFC 6455, 5.5)."""
_log = structlog.get_logger()


class Owner(Protocol):
    """The server, as far as a connection needs it."""

    def greeted(self, connection: AgentConnection) -> None:
        """The agent said hello: it is this device's connection from now on."""


class AgentConnection:
    """The connection of an agent that was let in."""

    def __init__(self, owner: Owner, agent: Agent, intake: Intake, send: Send, clock: Clock) -> None:
        self.agent = agent
        self.ended: DisconnectReason | None = None
        self.hello: wire.Hello | None = None
        self._owner = owner
        self._intake = intake
        self._send = send
        self._clock = clock
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
    def takes_commands(self) -> bool:
        """Whether a command can be handed over now."""
        return self.ended is None and self.hello is not None and self.hello.commands

    async def run(self, receive: Receive) -> None:
        """Serve until either side ends it."""
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
            await self._say({"type": "websocket.close", "code": code, "reason": _shortened(reason)})

    # Decisions of the server.

    def cut(self, code: int, reason: str, why: DisconnectReason = DisconnectReason.CUT) -> None:
        """End the connection from our side."""
        if self.ended is None:
            if why is DisconnectReason.CUT:
                _log.info("agent_cut", device=self.device_text, reason=reason)
            self.ended, self._close = why, (code, reason)
            self._over.set()

    def hold(self) -> None:
        """Store nothing until it is known whether the device may still send."""
        self._may_store.clear()

    def let_go_on(self, agent: Agent) -> None:
        """The device may still send."""
        self.agent = agent
        self._may_store.set()

    async def hand_over(self, text: str) -> None:
        """Send a command."""
        await self._say({"type": "websocket.send", "text": text})

    # The two tasks.

    async def _read(self, receive: Receive) -> None:
        try:
            async with asyncio.timeout(HELLO_S):
                await self._read_one(receive)
        except TimeoutError:
            self.cut(wire.CLOSE_PROTOCOL, "no hello in time")
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
                raise wire.ProtocolError("frames are text")
            frame = read_frame(self._machine, text.encode())
        except wire.ProtocolError as error:
            self.cut(wire.CLOSE_PROTOCOL, str(error))
            return
        await self._take(frame)

    async def _take(self, frame: Frame) -> None:
        meaning = frame.meaning
        if isinstance(meaning, wire.Hello):
            await self._say({"type": "websocket.send", "text": wire.welcome(self.device_text, self._clock.now_us() / SECOND_US)})
            self.hello = meaning
            self._owner.greeted(self)
        elif isinstance(meaning, wire.Heartbeat):
            await self._say({"type": "websocket.send", "text": wire.heartbeat(meaning.number)})
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
            # Once more: while the disk was waited for the device may have been taken away, and then nothing is acknowledged any
            # more.
            await self._may_store.wait()
            await self._say({"type": "websocket.send", "text": wire.ack(done)})

    async def _give_up(self, error: PenstockError) -> None:
        """Say why nothing can be stored now, and for how long, and close."""
        trouble = wire.Trouble(error.code, error.detail, error.facts.get("retry_after_s", 0))
        await self._say({"type": "websocket.send", "text": wire.trouble(trouble)})
        self.cut(wire.CLOSE_LATER, error.code)

    async def _wait_for_end(self) -> None:
        await self._over.wait()

    async def _say(self, message: dict[str, object]) -> None:
        with contextlib.suppress(RuntimeError, OSError):  # the peer closed meanwhile; the reader finds out
            await self._send(message)


def _shortened(reason: str) -> str:
    return reason.encode()[:MAX_REASON_BYTES].decode("utf-8", "ignore")
