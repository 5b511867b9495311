"""The transport of a connection: bytes that are not taken, and an end that the peer can still read."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from penstock.ingress.mqtt.wire import Wire


class Pipe:
    """A transport that keeps what is written until it is taken."""

    def __init__(self, *, half_closes: bool = True, broken: bool = False) -> None:
        self.waiting, self.acts = 0, list[str]()
        self._half_closes, self._broken = half_closes, broken

    def get_extra_info(self, name: str) -> Any:
        return ("192.0.2.7", 1234) if name == "peername" else None

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def write(self, data: bytes) -> None:
        self.waiting += len(data)

    def is_closing(self) -> bool:
        return "close" in self.acts or "abort" in self.acts

    def can_write_eof(self) -> bool:
        return self._half_closes

    def write_eof(self) -> None:
        if self._broken:
            raise OSError("reset by peer")
        self.acts.append("eof")

    def resume_reading(self) -> None:
        self.acts.append("read on")

    def close(self) -> None:
        self.acts.append("close")

    def abort(self) -> None:
        self.acts.append("abort")


def begun(pipe: Pipe) -> Wire:
    wire = Wire()
    assert wire.begin(cast(asyncio.Transport, pipe)) == "192.0.2.7"
    return wire


async def test_a_peer_stalls_while_nothing_is_taken() -> None:
    pipe = Pipe()
    wire = begun(pipe)
    begin = asyncio.get_running_loop().time()
    wire.write(b"x" * 10)
    assert wire.stalled_s(begin + 5) >= 5.0
    pipe.waiting = 4
    assert wire.stalled_s(begin + 6) == 0, "some of it was taken"
    assert wire.stalled_s(begin + 9) == pytest.approx(3.0)
    pipe.waiting = 0
    assert wire.stalled_s(begin + 20) == 0, "there is nothing to take"


@pytest.mark.parametrize(
    ("pipe", "lingering", "acts"),
    [
        (Pipe(), False, ["close"]),
        (Pipe(half_closes=False), True, ["close"]),
        (Pipe(), True, ["eof", "read on"]),
        (Pipe(broken=True), True, ["abort"]),
    ],
)
async def test_an_end(pipe: Pipe, lingering: bool, acts: list[str]) -> None:
    wire = begun(pipe)
    wire.close(lingering=lingering)
    assert pipe.acts == acts


async def test_nothing_is_written_to_what_closes_or_is_not_there() -> None:
    Wire().write(b"x")
    pipe = Pipe()
    wire = begun(pipe)
    wire.write(b"")
    wire.close(lingering=False)
    wire.write(b"x")
    assert (pipe.waiting, pipe.acts) == (0, ["close"])
    wire.close(lingering=True)
    assert pipe.acts == ["close"], "it closes already"
