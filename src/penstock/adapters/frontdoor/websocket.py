"""WebSockets behind the front door: uvicorn's protocol, still counted in its slot and watched for stalled readers.

uvicorn's own pings detect dead peers; no HTTP deadline applies here. The Autobahn suite tests the protocol.
"""

from __future__ import annotations

import asyncio
import codecs
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from penstock.adapters.frontdoor import refusals
from penstock.adapters.frontdoor.connection import UpgradedConnection
from penstock.adapters.frontdoor.door import Door, Slot
from penstock.adapters.frontdoor.stall import WriteWatch

_Utf8 = codecs.getincrementaldecoder("utf-8")


class _Frames(ServerProtocol):
    """The library's frames; a close may arrive within a fragmented message, as any control frame may (RFC 6455 section 5.4)."""

    def recv_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            self.current_size = None  # otherwise the library treats the message as incomplete, and closes with 1002
        super().recv_frame(frame)


class FrontDoorWebSocket(WebSocketsSansIOProtocol, UpgradedConnection):
    """One WebSocket. Applications find `penstock.abort` and `penstock.buffered` in its scope as well."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        door: Door,
        slot: Slot,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.conn = _Frames(max_size=config.ws_max_size, logger=self.logger)
        self.utf8 = _Utf8()
        self.door = door
        self.slot = slot
        self.watch = WriteWatch()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: dict[str, Any] = {
                "penstock.abort": self.transport.abort,
                "penstock.buffered": self.transport.get_write_buffer_size,
            }
            self.scope["extensions"] = {**(self.scope["extensions"] or {}), **extensions}

    def start_keepalive(self) -> None:
        """Called by uvicorn once the application has accepted, which counts as a response below 400."""
        self.slot.prove()
        super().start_keepalive()

    def handle_text(self, event: Frame) -> None:
        self.utf8.reset()
        if self._is_utf8(event):
            super().handle_text(event)

    def handle_cont(self, event: Frame) -> None:
        if self.curr_msg_data_type == "bytes" or self._is_utf8(event):
            super().handle_cont(event)

    def _is_utf8(self, event: Frame) -> bool:
        """Whether a text frame is valid UTF-8 up to its end; an invalid one closes the connection.

        uvicorn would check only whole messages, and log a traceback for each invalid one.
        """
        if self.close_sent:
            return False
        try:
            self.utf8.decode(event.data, final=event.fin)
        except UnicodeDecodeError:
            self.conn.fail(CloseCode.INVALID_DATA, "a text message must be UTF-8")
            self.handle_parser_exception()
            return False
        return True

    async def send(self, message: Any) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            # uvicorn does not record that a rejection completes the handshake, and logs an error for each.
            self.handshake_complete = True

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.slot.release()

    def give_up_handshake(self) -> None:
        """The library has consumed a handshake that it could not read: reject it instead of waiting."""
        self.door.refused[refusals.BAD_HANDSHAKE.code] += 1
        self.transport.write(refusals.BAD_HANDSHAKE.render(self.default_headers))
        self.transport.close()
