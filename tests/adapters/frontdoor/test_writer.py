"""One write for an answer: the head waits for its body, and not for long."""

from __future__ import annotations

import asyncio
from typing import cast

from penstock.adapters.frontdoor.writer import ResponseWriter

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Pipe:
    """A transport that keeps each write apart."""

    def __init__(self) -> None:
        self.writes, self.closing = list[bytes](), False

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.closing = True

    def is_closing(self) -> bool:
        return self.closing


def over(pipe: Pipe) -> ResponseWriter:
    return ResponseWriter(cast(asyncio.Transport, pipe), asyncio.get_running_loop())


async def test_head_and_body_are_one_write() -> None:
    pipe = Pipe()
    writer = over(pipe)
    writer.write(HEAD)
    assert pipe.writes == []
    writer.write(b"body")
    writer.write(b"more")
    await asyncio.sleep(0)
    assert pipe.writes == [HEAD + b"body", b"more"]


async def test_a_head_without_a_body_goes_with_the_next_turn() -> None:
    pipe = Pipe()
    over(pipe).write(HEAD)
    await asyncio.sleep(0)
    assert pipe.writes == [HEAD]


async def test_an_interim_answer_goes_at_once() -> None:
    pipe = Pipe()
    writer = over(pipe)
    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert pipe.writes == [b"HTTP/1.1 100 Continue\r\n\r\n"]
    writer.write(HEAD)
    assert len(pipe.writes) == 1


async def test_nothing_is_held_back_at_the_end() -> None:
    pipe = Pipe()
    writer = over(pipe)
    writer.write(HEAD)
    writer.close()
    assert (pipe.writes, writer.is_closing()) == ([HEAD], True)
    await asyncio.sleep(0)
    assert pipe.writes == [HEAD]
