"""W7: a receiver that answers without end, or hardly at all: the call ends in time, little is kept, memory stays as it was."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Awaitable, Callable

import pytest

from penstock.core.outbound.errors import CallFailed
from penstock.core.outbound.ports import CallAnswer, OutgoingCall
from tests.adapters.outbound.test_client import Names, client, config, receiving
from tests.support.pace import in_time

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
BLOCK = b"x" * 65_536
KEPT_BYTES = 64 * 1024
MEMORY_BYTES = 5 * 1024 * 1024


def flood(first: bytes, then: bytes) -> Talk:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(then)
            await writer.drain()

    return talk


def drip(first: bytes, pause_s: float) -> Talk:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in first:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(pause_s)

    return talk


HOSTILE = {
    "a body without end": flood(b"HTTP/1.1 200 OK\r\n\r\n", BLOCK),
    "chunks without end": flood(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"10000\r\n" + BLOCK + b"\r\n"),
    "tiny chunks without end": flood(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 1_000),
    "a terabyte that was announced": flood(b"HTTP/1.1 200 OK\r\ncontent-length: 1099511627776\r\n\r\n", BLOCK),
    "a header without end": flood(b"HTTP/1.1 200 OK\r\nx: ", BLOCK),
    "headers without end": flood(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n" * 1_000),
    "a status line without end": flood(b"HTTP/1.1 200 ", BLOCK),
    "a chunk's extension without end": flood(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;", BLOCK),
    "trailers without end": flood(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", b"x: y\r\n" * 1_000),
    "a flood of 1xx": flood(b"", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" * 500),
    "a byte now and then": drip(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n" + b"x" * 100, 0.2),
}


async def called(talk: Talk, timeout_s: float) -> CallAnswer | None:
    async with receiving(talk) as receiver, client(config("127.0.0.0/8", timeout_s=timeout_s), Names("127.0.0.1")) as http:
        try:
            return await http.send(OutgoingCall(url=f"http://127.0.0.1:{receiver.port}/"))
        except CallFailed:
            return None


async def judged(talk: Talk, timeout_s: float) -> None:
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        async with asyncio.timeout(timeout_s + 30):  # it ends by itself
            answer = await called(talk, timeout_s)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer is None or (len(answer.body) <= KEPT_BYTES and answer.cut)
    assert peak - before < MEMORY_BYTES


@pytest.mark.parametrize("name", HOSTILE)
async def test_it_ends_and_keeps_little(name: str) -> None:
    await judged(HOSTILE[name], 0.4)


@pytest.mark.prove
@pytest.mark.parametrize("name", HOSTILE)
async def test_it_ends_within_thirty_seconds(name: str) -> None:
    """With the time that the settings give."""
    began_s = time.monotonic()
    await judged(HOSTILE[name], 15)
    assert in_time(time.monotonic() - began_s, 30)
