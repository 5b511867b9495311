"""Runs an ASGI application behind the front door: sockets, signals, start and graceful shutdown.

uvicorn exits the process if it cannot listen or start, and raises a caught signal again at the end. Here both are returned to
the caller, which may run other listeners in the same loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import math
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from uvicorn._types import ASGI3Application

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.door import Door, Slot
from penstock.adapters.frontdoor.handshakes import Handshakes
from penstock.adapters.frontdoor.protocol import FrontDoorProtocol
from penstock.adapters.frontdoor.sweeper import sweep_forever

if TYPE_CHECKING:
    from penstock.adapters.frontdoor.certificate import ServerCertificate

BACKLOG = 2048
WEBSOCKET_MAX_MESSAGE_BYTES = 65_536
WEBSOCKET_PING_S = 20.0

_LAST_WORDS_S = 1.0
_FLUSH_S = 0.05
_FORCED_S = 5.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class CannotListen(OSError):
    """An address could not be bound: it is in use, not local, or not permitted."""

    def __init__(self, address: str, cause: OSError, remedy: str = "") -> None:
        # The resolver's errors have their own numbers, which `strerror` does not translate.
        known = cause.errno is not None and cause.errno in errno.errorcode
        super().__init__(cause.errno, os.strerror(cause.errno or 0) if known else cause.strerror)
        self.address = address
        self.remedy = remedy

    def __str__(self) -> str:
        return f"cannot listen on {self.address}: {self.strerror}" + (f"; {self.remedy}" if self.remedy else "")


class StartFailed(RuntimeError):
    """The application failed to start; the reason is in the log."""


def listen(host: str, port: int, remedy: str = "") -> list[socket.socket]:
    """Bind `host` (a name may have several addresses) and `port` (0: any free one, the same for all addresses).

    `remedy` ends the text of the error.

    Raises:
        CannotListen: an address is in use, unknown or not permitted.
    """
    sockets: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in dict.fromkeys(found):
            bound = socket.socket(family, kind, protocol)
            sockets.append(bound)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                # Otherwise a socket on :: would take the IPv4 port as well, and binding that next would fail.
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            bound.bind((address[0], port, *address[2:]))
            port = bound.getsockname()[1]
            bound.listen(BACKLOG)
            bound.setblocking(False)
    except OSError as cause:
        for bound in sockets:
            bound.close()
        raise CannotListen(f"{host}:{port}", cause, remedy) from cause
    return sockets


def url_of(bound: socket.socket, scheme: str = "http") -> str:
    """The address under which a bound socket is reached, such as `http://127.0.0.1:8080`."""
    return url(scheme, *bound.getsockname()[:2])


def url(scheme: str, host: str, port: int) -> str:
    """An address; that of IPv6 is in brackets."""
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


async def serve(
    app: ASGI3Application,
    *,
    config: FrontDoorConfig,
    on_ready: Callable[[list[str]], None],
    shutdown_grace_s: float,
    host: str = "127.0.0.1",
    port: int = 8080,
    sockets: Sequence[socket.socket] | None = None,
    on_stopping: Callable[[], None] | None = None,
    certificate: ServerCertificate | None = None,
) -> None:
    """Serve until SIGTERM, SIGINT or cancellation; return when every connection is closed.

    During shutdown no connection is accepted, requests in progress may finish for `shutdown_grace_s` seconds, WebSockets are
    closed with 1012, and only then does the application's lifespan end. A second signal skips the grace period.

    Args:
        app: the application.
        config: the limits of clients.
        on_ready: called once with the addresses, when connections are accepted.
        shutdown_grace_s: how long requests in progress may take; rounded up to whole seconds.
        host: where to listen, unless `sockets` are passed.
        port: 0 selects any free port, which is passed to `on_ready`.
        sockets: bound sockets, from `listen`. They are closed at the end.
        on_stopping: called when the shutdown starts, so that endless responses can end.
        certificate: for TLS; without one, plain HTTP is served.

    Raises:
        CannotListen: the address cannot be bound.
        StartFailed: the application's lifespan fails at start.
    """
    bound = list(sockets) if sockets is not None else listen(host, port)
    door = Door(config)
    server = _Server(
        uvicorn.Config(
            app,
            interface="asgi3",
            http=cast("type[asyncio.Protocol]", partial(FrontDoorProtocol, door=door)),
            ws="none",  # the front door's protocol has its own
            ws_max_size=WEBSOCKET_MAX_MESSAGE_BYTES,
            ws_ping_interval=WEBSOCKET_PING_S,
            ws_ping_timeout=WEBSOCKET_PING_S,
            ws_per_message_deflate=False,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            headers=_headers(config, tls=certificate is not None),
            # The application decides whose X-Forwarded-For to trust; uvicorn would trust any local process.
            proxy_headers=False,
            workers=1,
            backlog=BACKLOG,
            timeout_keep_alive=math.ceil(config.keep_alive_timeout_s),
            timeout_graceful_shutdown=math.ceil(shutdown_grace_s),
        ),
        on_ready=lambda: on_ready([url_of(listening, "https" if certificate else "http") for listening in bound]),
        on_stopping=on_stopping or (lambda: None),
        door=door,
        certificate=certificate,
    )
    sweeping = asyncio.create_task(sweep_forever(server.server_state.connections, door))
    # A server without deadlines must not run: if the sweeper ever fails, the server stops with its error.
    sweeping.add_done_callback(lambda _: server.stop())
    serving = asyncio.create_task(server.serve(bound))
    try:
        await asyncio.shield(serving)
        if sweeping.done():
            sweeping.result()
    except asyncio.CancelledError:
        server.stop()
        await serving
        raise
    finally:
        sweeping.cancel()
        await server.abort_rest()
        for listening in bound:
            listening.close()


def _headers(config: FrontDoorConfig, *, tls: bool) -> list[tuple[str, str]]:
    """Headers of every response, including the front door's own.

    Source: OWASP's HTTP headers for APIs; RFC 6797 7.2 (Strict-Transport-Security over TLS alone).
    """
    found = [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")]
    if tls and config.tls.hsts_s:
        found.append(("strict-transport-security", f"max-age={config.tls.hsts_s}"))
    return found


class _Server(uvicorn.Server):
    _handshakes: Handshakes | None = None

    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        on_stopping: Callable[[], None],
        door: Door,
        certificate: ServerCertificate | None,
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_stopping = on_stopping
        self._door = door
        self._certificate = certificate

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            # With TLS uvicorn gets no sockets: it would count a connection only after its handshake.
            await super().startup(sockets if self._certificate is None else [])
        except SystemExit as exit_:
            raise StartFailed("the application did not start") from exit_
        if self._certificate is not None:
            self._handshakes = Handshakes(self._door, self._certificate, self._make_protocol)
            self._handshakes.start(sockets or [])
        self._on_ready()

    def _make_protocol(self, slot: Slot) -> asyncio.Protocol:
        return FrontDoorProtocol(self.config, self.server_state, self.lifespan.state, door=self._door, slot=slot)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stopping()
        if self._handshakes is not None:
            self._handshakes.stop()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but a handled signal is not raised again."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal starts the graceful shutdown, the second skips it, and a third ends the process at once.

        After the second the process ends within `_FORCED_S`, whatever it waits for.
        """
        if not self.should_exit:
            self.should_exit = True
            return
        self.force_exit = True
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        # A thread and not the loop, which may be what hangs. All that was acknowledged is on disk.
        ending = threading.Timer(_FORCED_S, os._exit, (128 + sig,))
        ending.daemon = True
        ending.start()

    def stop(self) -> None:
        """Start the graceful shutdown, as a signal does."""
        self.should_exit = True

    async def abort_rest(self) -> None:
        """Give connections with interrupted requests a moment to send their error, then abort them."""
        if not self.server_state.connections:
            return
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_LAST_WORDS_S)
        await asyncio.sleep(_FLUSH_S)
        for connection in list(self.server_state.connections):
            cast(Any, connection).transport.abort()
        await asyncio.sleep(0)
