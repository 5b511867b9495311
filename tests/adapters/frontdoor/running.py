"""A door in a thread of its own, with uvloop as in production, and a client that sends exactly the bytes it is given.

Where deadlines are the subject, the test holds the clock that the sweeper reads, and puts it forward (`pass_time`).
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple, TypeVar
from unittest.mock import patch

import uvicorn
import uvloop
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from penstock.adapters.frontdoor import sweeper
from penstock.adapters.frontdoor.certificate import ServerCertificate
from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.server import listen, serve
from tests.support.waiting import CEILING_S, eventually

from .probe import Probe

__all__ = ["Answer", "Client", "Running", "eventually", "running"]

PATIENCE_S = CEILING_S
T = TypeVar("T")
SWEEP_S = 0.01
STEP_S = 0.5
"""What passes between two sweeps; where it is more than a second, the sweeper takes the server for blocked, and judges nobody."""


class Loop(uvloop.Loop):
    """Its time can be put forward. Timers that run already still take as long as they take."""

    ahead_s = 0.0

    def time(self) -> float:
        return super().time() + self.ahead_s

    async def pass_time(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.ahead_s += STEP_S
            await asyncio.sleep(2 * SWEEP_S)


class Running(NamedTuple):
    port: int
    probe: Probe
    loop: Loop

    def on_the_loop(self, call: Callable[[], T]) -> T:
        """What a call returns in the door's thread: uvloop's transports crash if another thread calls them."""

        async def made() -> T:
            return call()

        return asyncio.run_coroutine_threadsafe(made(), self.loop).result(PATIENCE_S)

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the sweeper, in steps of `STEP_S` with a sweep after each; what was sent before is read before."""
        asyncio.run_coroutine_threadsafe(self.loop.pass_time(seconds), self.loop).result(PATIENCE_S)


@contextmanager
def running(
    config: FrontDoorConfig | None = None,
    *,
    bare: bool = False,
    held: bool = False,
    certificate: ServerCertificate | None = None,
    app: ASGI3Application | None = None,
) -> Iterator[Running]:
    """The door, or (`bare`) uvicorn without it, serving a probe (or `app`) until the block ends.

    With `held` it sweeps so often that its time can be put forward.
    """
    probe, ready, ports, clock = Probe(), threading.Event(), list[int](), Loop()
    stop: list[Any] = []

    def on_ready(addresses: list[str]) -> None:
        ports.append(int(addresses[0].rpartition(":")[2]))
        ready.set()

    async def serve_until_stopped() -> None:
        task = asyncio.current_task()
        assert task is not None
        stop.extend((asyncio.get_running_loop(), task))
        try:
            if bare:
                await _serve_bare(probe, on_ready)
            else:
                limits = config or FrontDoorConfig()
                served = app or probe
                await serve(served, config=limits, on_ready=on_ready, shutdown_grace_s=1, port=0, certificate=certificate)
        except asyncio.CancelledError:
            pass

    thread = threading.Thread(target=lambda: uvloop.run(serve_until_stopped(), loop_factory=lambda: clock))
    try:
        with patch.object(sweeper, "sweep_interval_s", lambda limits: SWEEP_S) if held else nullcontext():
            thread.start()
            assert ready.wait(PATIENCE_S)
        yield Running(ports[0], probe, clock)
    finally:
        probe.release.set()
        loop, task = stop
        loop.call_soon_threadsafe(task.cancel)
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


async def _serve_bare(probe: Probe, on_ready: Any) -> None:
    sockets = listen("127.0.0.1", 0)
    config = uvicorn.Config(probe, http=HttpToolsProtocol, ws="none", log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve(sockets))
    while not server.started:
        await asyncio.sleep(0.01)
    on_ready([f"http://127.0.0.1:{sockets[0].getsockname()[1]}"])
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        server.should_exit = True
        await serving


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        assert self.headers["content-type"] == "application/problem+json"
        document: dict[str, Any] = json.loads(self.body)
        assert document["status"] == self.status
        assert document["type"] == "https://penstock.dev/errors/" + document["code"]
        assert document["title"]
        return document


class Client:
    """One raw connection. `receive_buffer` shrinks what the kernel takes for a client that does not read; `tls` is spoken
    if given.
    """

    def __init__(self, port: int, *, receive_buffer: int | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.buffer = b""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def get(self, path: str = "/") -> Answer:
        self.send(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path.encode())
        return self.answer()

    def answer(self) -> Answer:
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        status_line, *lines = head.decode("ascii").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self.buffer) < length:
            self._more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Answer(int(status_line.split()[1]), headers, body)

    def receive(self, count: int) -> None:
        """Read so many bytes, and forget them."""
        while count:
            piece = self.socket.recv(count)
            assert piece
            count -= len(piece)

    def _more(self) -> None:
        piece = self.socket.recv(65_536)
        if not piece:
            raise EOFError(self.buffer)
        self.buffer += piece

    def rest(self) -> bytes:
        """What still comes until the server closes; a reset counts as a close."""
        try:
            while True:
                self._more()
        except (EOFError, ConnectionResetError):
            rest, self.buffer = self.buffer, b""
            return rest

    def open_after(self, seconds: float) -> bool:
        """Whether the server has neither closed nor said anything within `seconds`."""
        self.socket.settimeout(seconds)
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK)) and False
        except TimeoutError:
            return True
        except ConnectionResetError:
            return False
        finally:
            self.socket.settimeout(PATIENCE_S)
