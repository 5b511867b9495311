from __future__ import annotations

import asyncio
import os

import pytest

from bench.http import request
from bench.machine import Process
from bench.sse import Pace, Stream, StreamRefused, Watched, watch
from tests.bench.answering import Handle, answer, by, serving
from tests.bench.conftest import TICK_S

pytestmark = pytest.mark.usefixtures("_ticking")

STREAM = request("GET", "/stream")
POST = request("POST", "/ingest", body=b"{}")
OPENED = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def chunk(text: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(text), text)


def event(number: int) -> bytes:
    return chunk(b'id: %d\nevent: reading\ndata: {"id":"tel_%013d","seq":%d}\n\n' % (number, number, number))


def live(*, leave_out: int = -1, cut_at: int = -1) -> Handle:
    """A server whose POSTs are seen by all its streams, but for one reading, or until they are cut."""
    streams: list[asyncio.Transport] = []
    stored = 0

    def handle(head: bytes, transport: asyncio.Transport) -> None:
        nonlocal stored
        if head.startswith(b"GET"):
            streams.append(transport)
            transport.write(OPENED + chunk(b": hello\n\n"))
            return
        stored += 1
        transport.write(answer(200, b'{"success":true,"id":"tel_%013d"}' % stored))
        for stream in streams:
            if stored != leave_out:
                stream.write(event(stored))
            if stored == cut_at:
                stream.close()

    return handle


async def watching(port: int, readers: int, connections: int = 1) -> tuple[Pace, Watched]:
    pace = Pace(port, [POST], connections)
    return pace, await watch(pace, Process(os.getpid()), STREAM, readers, 200, 0.3, settle_s=50 * TICK_S)


async def test_every_reader_sees_every_reading() -> None:
    async with serving(live()) as port:
        pace, found = await watching(port, readers=5, connections=4)
    assert 0 < pace.sent <= 60
    assert len(found.took_s) == pace.sent * 5
    assert (found.missing, found.lost, pace.refused) == (0, 0, 0)
    assert min(found.took_s) >= 0
    assert max(found.took_s) <= 100 * TICK_S


async def test_a_reading_that_nobody_saw_is_missing() -> None:
    async with serving(live(leave_out=7)) as port:
        _, found = await watching(port, readers=2)
    assert found.missing == 2


async def test_readers_that_are_cut_are_lost() -> None:
    async with serving(live(cut_at=7)) as port:
        _, found = await watching(port, readers=2)
    assert found.lost == 2
    assert found.missing > 0


async def test_a_server_without_streams_is_recognised() -> None:
    async with serving(by(lambda head: answer(404))) as port:
        with pytest.raises(StreamRefused) as caught:
            await watching(port, readers=1)
    assert caught.value.status == 404


async def test_events_are_read_however_they_are_cut() -> None:
    wire = OPENED + chunk(b": hello\n\n") + event(1) + event(2)
    for size in (1, 3, 50, len(wire)):
        seen: list[tuple[bytes, float]] = []
        stream = Stream(STREAM, seen)
        for start in range(0, len(wire), size):
            stream.data_received(wire[start : start + size])
        assert [name for name, _ in seen] == [b"tel_0000000000001", b"tel_0000000000002"]
