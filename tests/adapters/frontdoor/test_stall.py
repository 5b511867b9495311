"""Telling slow readers from stopped ones, over a real pair of sockets and a clock that the test holds."""

from __future__ import annotations

import asyncio
import socket

import uvloop

from penstock.adapters.frontdoor.stall import WriteWatch, taken_bytes


async def _watch() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(listener.getsockname())
        reader.setblocking(False)
        accepted, _ = listener.accept()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(asyncio.Protocol, sock=accepted)
        watch = WriteWatch()
        assert not watch.stalled(transport, 0, 10, 100)
        transport.write(b"x" * 20_000_000)
        await asyncio.sleep(0.1)
        assert not watch.stalled(transport, 100, 10, 100), "a wait begins when it is first seen"
        assert not watch.stalled(transport, 109, 10, 100)
        while (taken := taken_bytes(transport)) < 200_000:
            await loop.sock_recv(reader, 65_536)
            await asyncio.sleep(0.001)
        assert not watch.stalled(transport, 111, 10, 100), "1,000 bytes in 10 s were wanted, and far more were taken"
        assert not watch.stalled(transport, 120, 10, 100)
        await asyncio.sleep(0.05)
        assert taken_bytes(transport) - taken < 100_000
        assert watch.stalled(transport, 122, 10, 10_000_000)
        transport.abort()
        assert not watch.stalled(transport, 200, 10, 100)
        await asyncio.sleep(0.01)
        assert taken_bytes(transport) == 0, "the connection is lost"


def test_a_reader_is_judged_by_what_it_takes() -> None:
    uvloop.run(_watch())
