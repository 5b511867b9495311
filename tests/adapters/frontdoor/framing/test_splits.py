"""Every bad shape, cut in two at every byte: however it arrives, it is refused and nothing of it becomes a request.

The transport is a stand-in, because 8,500 connections would take a minute; `test_framing` uses real ones.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.door import Door
from penstock.adapters.frontdoor.protocol import FrontDoorProtocol
from tests.adapters.frontdoor.probe import Probe
from tests.adapters.frontdoor.shapes import SHAPES

NEXT = b"GET /evil HTTP/1.1\r\nHost: a\r\n\r\n"


class Wire:
    """A transport that keeps what is written to it."""

    def __init__(self) -> None:
        self.written = b""
        self.ended = False

    def get_extra_info(self, name: str) -> tuple[str, int] | None:
        return ("127.0.0.1", 1) if name in {"peername", "sockname"} else None

    def write(self, piece: bytes) -> None:
        assert not self.ended
        self.written += piece

    def close(self) -> None:
        self.ended = True

    write_eof = abort = close

    def is_closing(self) -> bool:
        return self.ended

    def can_write_eof(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def receive(probe: Probe, pieces: list[bytes]) -> Wire:
    """What the door writes when it gets these pieces, with time for the application after each."""
    config = uvicorn.Config(probe, interface="asgi3", ws="websockets-sansio", log_config=None, proxy_headers=False)
    config.load()
    protocol = FrontDoorProtocol(config, ServerState(), {}, door=Door(FrontDoorConfig()))
    wire: Any = Wire()
    protocol.connection_made(wire)
    for piece in pieces:
        protocol.data_received(piece)
        for _ in range(4):
            await asyncio.sleep(0)
    protocol.connection_lost(None)
    await asyncio.gather(*protocol.tasks)
    return wire


async def test_a_good_request_is_answered_however_it_is_cut() -> None:
    request = b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n"
    for cut in range(1, len(request)):
        assert (await receive(Probe(), [request[:cut], request[cut:]])).written.endswith(b"\r\n\r\nhello")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
async def test_shape_is_refused_however_it_is_cut(shape: bytes) -> None:
    sent = shape + NEXT
    for cut in range(1, len(sent)):
        probe = Probe()
        wire = await receive(probe, [sent[:cut], sent[cut:]])
        assert wire.written.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ")), cut
        assert wire.written.count(b"content-length: ") == 1, cut
        assert wire.ended, cut
        assert probe.seen == [], cut
        assert "/evil" not in probe.started, cut
