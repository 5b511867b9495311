"""The life of one connection: its admission, its phase, and how a request is rejected.

Theory of operation. A connection is always in one phase. While in it, the server waits for:

    IDLE      a request's first byte
    HEAD      the rest of its header
    BODY      the rest of its body (the application may already be running)
    BUSY      the application
    REFUSED   the pending responses, after which the rejection is sent; nothing more is read
    LINGER    the peer to close: the rejection is sent and our side is shut; further data is discarded, so that the
              peer reads the rejection rather than a reset
    UPGRADED  nothing: the connection now belongs to a WebSocket

Requests only write attributes (`phase`, `since`, byte counts); none of them starts a timer, not even uvicorn's keep-alive
timer. The sweeper compares the attributes with the limits about once a second.

A rejected request must not reach the application. Its task was created while its segment was parsed and cannot have run yet, so
it is cancelled; if the invalid bytes arrive in a later segment, the application receives `http.disconnect` and never an end of
the body.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any

from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from penstock.adapters.frontdoor.door import Door, Slot
from penstock.adapters.frontdoor.refusals import Refusal
from penstock.adapters.frontdoor.stall import WriteWatch
from penstock.adapters.frontdoor.writer import ResponseWriter

IDLE, HEAD, BODY, BUSY, REFUSED, LINGER, UPGRADED = range(7)


class UpgradedConnection(ABC):
    """What the sweeper has to know of a WebSocket. Its class, in `websocket.py`, is imported at the first handshake."""

    door: Door
    watch: WriteWatch
    transport: asyncio.Transport
    handshake_initiated: bool

    @abstractmethod
    def give_up_handshake(self) -> None:
        """Reject a handshake that could not be read."""


class DoorConnection(HttpToolsProtocol):
    """A connection with a slot, a phase and a way to end. `FrontDoorProtocol` does the reading."""

    slot: Slot
    since: float
    running: RequestResponseCycle | None = None
    fresh_task: asyncio.Task[None] | None = None
    pending_refusal: Refusal | None = None

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        door: Door,
        slot: Slot | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.door = door
        self.given_slot = slot
        self.watch = WriteWatch()
        self.now = self.loop.time
        self.phase = IDLE

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.writer = ResponseWriter(transport, self.loop)
        self.extensions: dict[str, Any] = {
            "penstock.abort": transport.abort,
            "penstock.buffered": transport.get_write_buffer_size,
        }
        self.since = self.now()
        self.slot = self.given_slot or self.door.admit(self.client[0] if self.client else "")
        if self.slot.refusal is None:
            # Wrapped only until the first success, so that a proven connection has no further cost.
            self.app = self._until_proven
            return
        # Not worth lingering: a client with too many connections would also hold the lingering ones.
        self.phase = LINGER
        self._write(self.slot.refusal)
        transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        # uvicorn notifies only the newest request; a running one before a pipelined one would never be notified.
        if self.running is not None and not self.running.response_complete:
            self._disconnect(self.running)
        self.pipeline.clear()
        self.slot.release()

    async def _until_proven(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        async def watched(message: ASGISendEvent) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self.slot.prove()
                self.app = self.config.loaded_app
            await send(message)

        await self.config.loaded_app(scope, receive, watched)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self.running = cycle
        self.fresh_task = task = self.loop.create_task(cycle.run_asgi(app))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        # This is uvicorn's method without its keep-alive timer, which would be started and cancelled for every request.
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self.pending_refusal is not None:
            self._send_refusal(self.pending_refusal)
        elif self.phase == BUSY:
            self.phase = IDLE
            self.since = self.now()

    def refuse(self, refusal: Refusal, unstarted: asyncio.Task[None] | None = None) -> None:
        """Stop reading; send `refusal` after the pending responses; close.

        Args:
            refusal: what is wrong with the request being read.
            unstarted: the task created for it, if that cannot have run yet.
        """
        if self.phase >= REFUSED or self.transport.is_closing():
            return
        broken = self.cycle if self.phase == BODY else None
        self.phase = REFUSED
        if broken is None or broken is not self.running:
            # The invalid request waits behind another one and has no task yet: it is dropped.
            if broken is not None:
                self.pipeline.popleft()
            if self.running is not None and not self.running.response_complete:
                self.pending_refusal = refusal
                # Only to detect that the peer leaves: what it sends is discarded.
                self.flow.resume_reading()
                return
        else:
            self._disconnect(broken)
            if unstarted is not None:
                unstarted.cancel()
            if broken.response_started:
                # A second response would be read as the response to the next request.
                self.door.refused[refusal.code] += 1
                self.transport.close()
                return
        self._send_refusal(refusal)

    def _send_refusal(self, refusal: Refusal) -> None:
        self.phase = LINGER
        self.since = self.now()
        self._write(refusal)
        # RFC 9112, 9.6: close the sending side first and keep reading, otherwise a reset may erase the rejection before it is
        # read. This is not possible with TLS.
        if self.transport.can_write_eof():
            self.transport.write_eof()
            self.flow.resume_reading()
        else:
            self.transport.close()

    def _write(self, refusal: Refusal) -> None:
        self.door.refused[refusal.code] += 1
        self.transport.write(refusal.render(self.server_state.default_headers))

    @staticmethod
    def _disconnect(cycle: RequestResponseCycle) -> None:
        cycle.disconnected = True
        cycle.message_event.set()
