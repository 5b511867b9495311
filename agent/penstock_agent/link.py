"""The connection to the server: keeps reconnecting, and sends the spool's rows in order.

A connection counts as good after it has lasted for a minute; only then is the back-off reset, so that a server that accepts and
drops connections is not flooded. Heartbeats detect silence: a server that sends nothing for two of them is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import sqlite3
import ssl
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidProxy, InvalidStatus, InvalidURI
from websockets.frames import CloseCode
from websockets.typing import Subprotocol

from penstock_agent import __version__, wire
from penstock_agent.backoff import Backoff
from penstock_agent.config import Config
from penstock_agent.outbox import Outbox
from penstock_agent.proxy import proxy_for

OPEN_S = 30.0
STABLE_S = 60.0
CLOCK_TOLERANCE_S = 60.0
"""How far the device's clock may be off, or move, before it is reported."""
MAX_INCOMING_BYTES = 1_048_576
FRAMES_AHEAD = 4
"""Frames sent and not acknowledged. The server queues twice as many before it stops reading."""
_log = logging.getLogger(__name__)


class Listener(Protocol):
    """Receives changes of the connection and commands."""

    async def connection_changed(self, connected: bool) -> None:
        """The agent was admitted, or the connection ended."""

    async def clock_seen(self, ahead_s: float) -> None:
        """The device's clock is ahead of the server's by this many seconds, or behind if negative; near 0 it is right again."""

    async def command_received(self, command: wire.Command) -> None:
        """A command was received. Must return soon: the command runs in the background."""


class Link:
    """Keeps the agent connected until cancelled."""

    def __init__(
        self,
        *,
        config: Callable[[], Config],
        token: str,
        endpoint: str,
        outbox: Outbox,
        listener: Listener,
        environment: Mapping[str, str],
        macaddress: str,
    ) -> None:
        """`token` and `endpoint` are fixed at start; all other settings are read when they are needed."""
        self._config = config
        self._token = token
        self._endpoint = endpoint
        self._outbox = outbox
        self._listener = listener
        self._environment = environment
        self._macaddress = macaddress
        self._backoff = Backoff(random.random)
        self._retry_after_s = 0.0

    async def run(self) -> None:
        """Connect, and keep reconnecting."""
        while True:
            self._retry_after_s = 0.0
            try:
                await self._connect()
            except (OSError, asyncio.TimeoutError, InvalidHandshake, InvalidProxy, InvalidURI, wire.ProtocolError) as error:
                _log.warning("no connection: %s", _reason(error))
            except ConnectionClosed as ended:
                _log.warning("the connection ended: %s", _reason(ended))
            except sqlite3.Error as error:
                _log.error("the connection is closed because the spool failed: %s", error)
            config = self._config()
            wait_s = self._backoff.next_s(config.reconnect_interval, config.reconnect_max)
            # Bounded, because the server may request hours, and the settings limit how long the agent remains away.
            wait_s = max(wait_s, min(self._retry_after_s, config.reconnect_max))
            _log.info("retrying in %.1f s", wait_s)
            await asyncio.sleep(wait_s)

    async def _connect(self) -> None:
        async with connect(
            self._endpoint,
            additional_headers={"Authorization": f"Bearer {self._token}"},
            subprotocols=[Subprotocol(wire.SUBPROTOCOL)],
            user_agent_header=f"penstock-agent/{__version__}",
            proxy=proxy_for(self._endpoint, self._environment),
            # Created for each connection, so that a changed CA bundle takes effect without a restart.
            ssl=tls_context(self._config()) if self._endpoint.startswith("wss:") else None,
            compression=None,
            open_timeout=OPEN_S,
            close_timeout=2,
            ping_interval=None,  # the agent's own heartbeats detect silence, and also check that the server still works
            max_size=MAX_INCOMING_BYTES,
        ) as socket:
            session = _Session(socket, self._config, self._outbox, self._listener, self._backoff, self._noted)
            # The codes are ours: versions of the library differ in the one with which they close after an exception.
            try:
                await session.run(self._macaddress)
            except asyncio.CancelledError:
                await socket.close()  # the agent stops: a regular end, and no loss
                raise
            except Exception:
                await socket.close(CloseCode.INTERNAL_ERROR)
                raise

    def _noted(self, reason: wire.CloseReason) -> None:
        _log.warning("the server reported: %s (%s)", reason.detail, reason.code)
        self._retry_after_s = reason.retry_after_s


class _Session:
    """One connection."""

    def __init__(
        self,
        socket: ClientConnection,
        config: Callable[[], Config],
        outbox: Outbox,
        listener: Listener,
        backoff: Backoff,
        on_close_reason: Callable[[wire.CloseReason], None],
    ) -> None:
        self._socket = socket
        self._config = config
        self._outbox = outbox
        self._listener = listener
        self._backoff = backoff
        self._on_close_reason = on_close_reason
        self._machine = wire.AgentSide()
        self._ahead: deque[int] = deque()
        self._room = asyncio.Event()
        # Each connection starts with the oldest unacknowledged row. The server recognises repeated rows by their number.
        self._sent_seq = 0
        self._server_time_s: float | None = None
        """The server's clock at the loop's time 0."""
        self._reported_ahead_s = 0.0
        self._received_at = asyncio.get_running_loop().time()

    async def run(self, macaddress: str) -> None:
        """Send the hello, then send, receive and send heartbeats until one of them fails."""
        await self._outbox.sent(0)
        await self._socket.send(wire.hello(wire.Hello(__version__, self._outbox.name, macaddress)))
        frame = await asyncio.wait_for(self._receive(), OPEN_S)
        if isinstance(frame, wire.CloseReason):
            self._on_close_reason(frame)
            return
        _log.info("connected as %s", self._machine.device)
        if isinstance(frame, wire.Welcome) and frame.time_s is not None:
            self._server_time_s = frame.time_s - self._received_at
            await self._check_clock()
        try:
            await self._listener.connection_changed(True)
            work: list[Awaitable[None]] = [self._send(), self._listen(), self._beat(), self._prove_stable()]
            tasks = [asyncio.ensure_future(one) for one in work]
            try:
                # When one of them fails, `gather` lets the others run: they are cancelled below.
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            await self._listener.connection_changed(False)

    async def _receive(self) -> wire.Welcome | wire.Ack | wire.Heartbeat | wire.CloseReason | wire.Command:
        text = await self._socket.recv()
        if not isinstance(text, str):
            raise wire.ProtocolError("a frame must be text")
        self._received_at = asyncio.get_running_loop().time()
        return self._machine.receive(text)

    async def _listen(self) -> None:
        while True:
            frame = await self._receive()
            # The response to a heartbeat needs no action: `_receive` has already noted that the server is not silent.
            if isinstance(frame, wire.Ack):
                await self._acknowledged(frame)
            elif isinstance(frame, wire.Command):
                await self._listener.command_received(frame)
            elif isinstance(frame, wire.CloseReason):
                self._on_close_reason(frame)

    async def _acknowledged(self, ack: wire.Ack) -> None:
        # Removing rows up to this number would delete readings that no one has received.
        if ack.seq > self._sent_seq:
            raise wire.ProtocolError("the server acknowledged rows that were never sent")
        for seq, reason in ack.refused:
            _log.warning("the server refused row %d: %s", seq, reason)
        await self._outbox.call(lambda spool: spool.forget(ack.seq))
        while self._ahead and self._ahead[0] <= ack.seq:
            self._ahead.popleft()
        self._room.set()

    async def _send(self) -> None:
        while True:
            # Cleared before reading: a row that is added during the read sets it again, so no row waits for the next one.
            self._outbox.grew.clear()
            found = await self._outbox.read_after(self._sent_seq)
            if not found:
                await self._outbox.grew.wait()
                continue
            while len(self._ahead) >= FRAMES_AHEAD:
                self._room.clear()
                await self._room.wait()
            # Before sending: the acknowledgement can be received before `send` returns.
            self._sent_seq = found[-1][0]
            await self._outbox.sent(self._sent_seq)
            self._ahead.append(self._sent_seq)
            await self._socket.send(wire.rows([wire.row(seq, body) for seq, body in found]))

    async def _beat(self) -> None:
        number = 0
        while True:
            interval_s = self._config().heartbeat_interval
            await asyncio.sleep(interval_s)
            # More than one interval, so that a slow response to the last heartbeat does not count as silence.
            if asyncio.get_running_loop().time() - self._received_at > 1.5 * interval_s:
                raise TimeoutError("the server is silent")
            number += 1
            await self._check_clock()
            await self._socket.send(wire.heartbeat(number))

    async def _check_clock(self) -> None:
        """Report when the device's clock is off, further off, or right again. Elapsed time is measured with another clock."""
        if self._server_time_s is not None:
            ahead_s = time.time() - self._server_time_s - asyncio.get_running_loop().time()
            if abs(ahead_s - self._reported_ahead_s) >= CLOCK_TOLERANCE_S:
                self._reported_ahead_s = ahead_s
                await self._listener.clock_seen(ahead_s)

    async def _prove_stable(self) -> None:
        await asyncio.sleep(STABLE_S)
        self._backoff.reset()


def tls_context(config: Config) -> ssl.SSLContext:
    """TLS as configured.

    Raises:
        OSError: the CA bundle cannot be read (ssl.SSLError is a subclass).
    """
    context = ssl.create_default_context(cafile=config.ca_bundle or None)
    versions = {"tls1.2": ssl.TLSVersion.TLSv1_2, "tls1.3": ssl.TLSVersion.TLSv1_3}
    context.minimum_version = versions[config.min_tls_version]
    return context


def _reason(error: Exception) -> str:
    """One line for the log."""
    if isinstance(error, InvalidStatus):
        detail = ""
        with contextlib.suppress(UnicodeDecodeError):
            detail = bytes(error.response.body or b"").decode()[:300]
        return f"the server responded {error.response.status_code} {detail}".strip()
    return str(error) or type(error).__name__
