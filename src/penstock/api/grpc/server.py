"""gRPC over HTTP/2: the server of grpcio with all calls, reflection and health.

Theory of operation. Messages are parsed here and not by the library, so that bytes which cannot be read are the caller's error
and not the server's. A call whose deadline passes, or whose caller leaves, is cancelled by the library; whatever it was waiting
for ends.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from functools import lru_cache, partial
from typing import Any
from urllib.parse import unquote

import grpc
import structlog
from google.protobuf.message import DecodeError, Message
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from penstock.api.grpc.config import GrpcConfig
from penstock.api.grpc.contract import PACKAGE
from penstock.api.grpc.descriptors import pool
from penstock.api.grpc.errors import CallFailed, Unreadable, failed
from penstock.api.grpc.exchange import PASSED_ON, Exchange
from penstock.api.grpc.services import Method, Services, answer, answers
from penstock.api.live.errors import SlowReader
from penstock.kit.http import Headers

PUBLIC = (health.SERVICE_NAME, reflection.SERVICE_NAME)
"""Services that need no credential: they tell what the document of the API does."""
_STATUS_DETAILS = "grpc-status-details-bin"
_MS = 1000
_log = structlog.get_logger()
Credentials = Callable[[], grpc.ServerCredentials]


class CannotServe(OSError):
    """The library could not listen at an address."""


class GrpcServer:
    """The server. `credentials` are those of its TLS; without them it has none."""

    def __init__(self, services: Services, config: GrpcConfig, *, credentials: Credentials | None = None) -> None:
        self._handlers = _Handlers(services, config)
        self._services = services
        self._config = config
        self._credentials = credentials
        self._server: grpc.aio.Server | None = None
        self._health: health.aio.HealthServicer | None = None
        self._stopping: asyncio.Task[None] | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 selects any free one, which `port` then is.

        Raises:
            CannotServe.
        """
        address = f"[{host}]" if ":" in host else host
        server = grpc.aio.server(options=_options(self._config), maximum_concurrent_rpcs=self._config.max_calls)
        server.add_generic_rpc_handlers((self._handlers,))
        names = sorted({name.split("/")[1] for name in self._services.names})
        self._health = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        reflection.enable_server_reflection([*names, *PUBLIC], server, pool=pool())
        try:
            self.port = (
                server.add_insecure_port(f"{address}:{port}")
                if self._credentials is None
                else server.add_secure_port(f"{address}:{port}", self._credentials())
            )
        except RuntimeError as error:
            raise CannotServe(str(error)) from None
        await server.start()
        for name in ["", *names]:
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        self._server = server

    def begin_stop(self, grace_s: float) -> None:
        """Accept no more calls. Those in progress may take `grace_s` seconds."""
        if self._stopping is None and self._server is not None:
            self._stopping = asyncio.create_task(self._stop(grace_s))

    async def stop(self) -> None:
        """Return when every call has ended."""
        self.begin_stop(0)
        if self._stopping is not None:
            await self._stopping

    async def _stop(self, grace_s: float) -> None:
        if self._health is not None:
            await self._health.enter_graceful_shutdown()
        if self._server is not None:
            await self._server.stop(grace_s)


def _options(config: GrpcConfig) -> list[tuple[str, int]]:
    return [
        ("grpc.so_reuseport", 0),  # so that a port in use is an error
        ("grpc.max_receive_message_length", config.max_message_bytes),
        ("grpc.max_concurrent_streams", config.max_calls_per_connection),
        ("grpc.keepalive_time_ms", int(config.keep_alive_s * _MS)),
        ("grpc.keepalive_timeout_ms", int(config.keep_alive_timeout_s * _MS)),
        ("grpc.http2.ping_timeout_ms", int(config.keep_alive_timeout_s * _MS)),  # else a minute, whatever the line above says
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", int(config.min_ping_s * _MS)),
    ]


class _Handlers(grpc.GenericRpcHandler):  # type: ignore[misc]  # it has no types
    """Finds the handler of a call."""

    def __init__(self, services: Services, config: GrpcConfig) -> None:
        self._services = services
        self._stall_s = config.write_stall_timeout_s
        self._known: dict[str, grpc.RpcMethodHandler] = {}

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        name = handler_call_details.method
        found = self._known.get(name)
        if found is None and name.startswith(f"/{PACKAGE}."):
            method = self._services.find(name)
            if method is not None:
                found = self._known[name] = self._handler(method)
        return found

    def _handler(self, method: Method) -> grpc.RpcMethodHandler:
        into, out = method.rpc.streams_in, method.rpc.streams_out
        if out:
            make = grpc.stream_stream_rpc_method_handler if into else grpc.unary_stream_rpc_method_handler
            return make(partial(_several, method, self._stall_s))
        make = grpc.stream_unary_rpc_method_handler if into else grpc.unary_unary_rpc_method_handler
        return make(partial(_one, method))


async def _one(method: Method, request: Any, context: grpc.aio.ServicerContext) -> bytes:
    exchange = _exchange(context)
    try:
        response = await answer(method, _taken(method, request, exchange), exchange)
    except CallFailed as error:
        await _end(context, error, exchange)
    context.set_trailing_metadata(_metadata(exchange.trailers, exchange))
    content: bytes = response.SerializeToString()
    return content


async def _several(method: Method, stall_s: float, request: Any, context: grpc.aio.ServicerContext) -> None:
    exchange = _exchange(context)
    try:
        pieces = answers(method, _taken(method, request, exchange), exchange)
        guard = _StallGuard(pieces, stall_s)
        async with contextlib.aclosing(pieces), guard:  # type: ignore[type-var]
            async for response in pieces:
                guard.begin()
                await context.write(response.SerializeToString())
                if guard.end():
                    raise failed(SlowReader(), exchange.request_id, [])
    except CallFailed as error:
        await _end(context, error, exchange)
    context.set_trailing_metadata(_metadata(exchange.trailers, exchange))


class _StallGuard:
    """Closes what a call reads from when its reader does not take a message in time.

    The library cannot withdraw a message, nor end a call before its reader has the message. So the source of the message is
    closed, and the reader gets the reason when it continues to read; if it disconnects, the library cancels the call.
    """

    def __init__(self, pieces: AsyncIterator[Message], stall_s: float) -> None:
        self._pieces = pieces
        self._stall_s = stall_s
        self._began: float | None = None
        self._closing: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    async def __aenter__(self) -> None:
        self._check_in(self._stall_s)

    async def __aexit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._closing is not None:
            await self._closing

    def begin(self) -> None:
        """A message is about to be sent."""
        self._began = self._loop.time()

    def end(self) -> bool:
        """The reader has the message. Returns whether that took too long."""
        self._began = None
        return self._closing is not None

    def _check_in(self, seconds: float) -> None:
        self._timer = self._loop.call_later(seconds, self._check)

    def _check(self) -> None:
        left = self._stall_s if self._began is None else self._began + self._stall_s - self._loop.time()
        if left > 0:
            self._check_in(left)
        else:
            self._closing = self._loop.create_task(self._pieces.aclose())  # type: ignore[attr-defined]


def _taken(method: Method, request: Any, exchange: Exchange) -> Any:
    """What a call takes: its message, or an iterator of them."""
    return _messages(method, request, exchange) if method.rpc.streams_in else _parsed(method, request, exchange)


async def _messages(method: Method, requests: AsyncIterator[bytes], exchange: Exchange) -> AsyncIterator[Message]:
    async for one in requests:
        yield _parsed(method, one, exchange)


def _parsed(method: Method, content: bytes, exchange: Exchange) -> Message:
    try:
        return method.request.FromString(content)
    except DecodeError:
        raise failed(Unreadable(name=f"{method.rpc.name}Request"), exchange.request_id, []) from None


async def _end(context: grpc.aio.ServicerContext, error: CallFailed, exchange: Exchange) -> None:
    trailers = [*_metadata(error.trailers, exchange), (_STATUS_DETAILS, error.status.SerializeToString())]
    await context.abort(error.code, error.message, tuple(trailers))


def _exchange(context: grpc.aio.ServicerContext) -> Exchange:
    headers: Headers = []
    for name, value in context.invocation_metadata() or ():
        key = name.encode()
        if key in PASSED_ON:
            headers.append((key, value if isinstance(value, bytes) else value.encode("latin-1", "replace")))
    return Exchange(headers=headers, client=_client(context.peer()), trailers=[])


def _metadata(headers: Headers, exchange: Exchange) -> Sequence[tuple[str, str | bytes]]:
    found: list[tuple[str, str | bytes]] = [("x-request-id", exchange.request_id)]
    for name, value in headers:
        if value.isascii():  # as metadata must be
            found.append((name.decode().lower(), value.decode()))
    return tuple(found)


@lru_cache(maxsize=4_096)
def _client(peer: str) -> tuple[str, int] | None:
    """The address of a peer such as `ipv4:127.0.0.1:50051` or `ipv6:[::1]:50051`; None if it has none."""
    family, _, rest = unquote(peer).partition(":")
    host, _, port = rest.rpartition(":")
    if family not in ("ipv4", "ipv6") or not port.isdigit():
        return None
    return host.strip("[]"), int(port)
