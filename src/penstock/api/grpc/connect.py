"""The calls for clients without HTTP/2, such as pages: the Connect protocol and gRPC-Web, by the library `connectrpc`.

Source: connectrpc.com, "Protocol reference"; grpc/grpc, PROTOCOL-WEB.md.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import grpc
import msgspec
from connectrpc.code import Code
from connectrpc.codec import Codec
from connectrpc.compat import google_protobuf_binary_codec
from connectrpc.errors import ConnectError, ErrorDetail
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication, Endpoint
from google.protobuf import json_format
from google.protobuf.message import Message
from protobuf.wkt import Any as AnyMessage

from penstock.api.grpc.config import GrpcConfig
from penstock.api.grpc.contract import Rpc
from penstock.api.grpc.descriptors import pool
from penstock.api.grpc.errors import CallFailed, Unreadable, failed
from penstock.api.grpc.exchange import PASSED_ON, Exchange
from penstock.api.grpc.services import Method, Services, answer, answers
from penstock.kit.http import App, Headers, Receive, Scope, Send, header
from penstock.kit.request_id import request_id_of

_GRPC = b"application/grpc"
_GRPC_WEB = b"application/grpc-web"
_TYPES = {
    (False, False): StreamType.UNARY,
    (True, False): StreamType.CLIENT_STREAM,
    (False, True): StreamType.SERVER_STREAM,
    (True, True): StreamType.BIDI_STREAM,
}

_OF_CALLER = {
    Code.RESOURCE_EXHAUSTED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Code.CANCELED: grpc.StatusCode.CANCELLED,
    Code.DEADLINE_EXCEEDED: grpc.StatusCode.DEADLINE_EXCEEDED,
}
"""The errors of the library about a stream of messages, except those about an invalid message."""


def build_connect(services: Services, config: GrpcConfig) -> App:
    """The application that answers calls over HTTP."""
    app = _Application(services, config)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        content_type = header(scope, b"content-type") or b""
        if content_type.startswith(_GRPC) and not content_type.startswith(_GRPC_WEB):
            return await _refuse(send, 415, "unimplemented", "gRPC needs HTTP/2 and has a port of its own (--grpc)", scope)
        if services.find(scope["path"]) is None:
            return await _refuse(send, 404, "unimplemented", "there is no such call", scope)
        return await app(scope, receive, send)

    return serve


async def _refuse(send: Send, status: int, code: str, message: str, scope: Scope) -> None:
    """An error in the shape of Connect, for a request that is not a call."""
    body = msgspec.json.encode({"code": code, "message": message})
    headers: Headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"x-request-id", request_id_of(scope).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Application(ConnectASGIApplication[Services]):
    def __init__(self, services: Services, config: GrpcConfig) -> None:
        super().__init__(
            service=services,
            endpoints=_Endpoints,
            read_max_bytes=config.max_message_bytes,
            codecs=[google_protobuf_binary_codec(), _Json()],
        )

    @property
    def path(self) -> str:
        """The calls have their own paths."""
        return ""


class _Json(Codec[Message, Message]):
    """Messages as JSON. A field that is not known is an error: in the API it is one too."""

    def name(self) -> str:
        return "json"

    def encode(self, message: Message) -> bytes:
        text: str = json_format.MessageToJson(message, indent=None, descriptor_pool=pool())
        return text.encode()

    def decode(self, data: bytes | bytearray, message_class: type[Message]) -> Message:
        return json_format.Parse(bytes(data), message_class(), descriptor_pool=pool(), max_recursion_depth=100)


class _Endpoints(Mapping[str, Any]):
    """The endpoints by path, each made when it is first called."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._made: dict[str, Any] = {}

    def __getitem__(self, path: str) -> Any:
        found = self._made.get(path)
        if found is None:
            method = self._services.find(path)
            if method is None:
                raise KeyError(path)
            found = self._made[path] = _endpoint(method)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._services.names)

    def __len__(self) -> int:
        return len(self._services.names)


def _endpoint(method: Method) -> Any:
    info: MethodInfo[Any, Any] = MethodInfo(
        name=method.rpc.name,
        service_name=method.rpc.full_name.split("/")[1],
        input=method.request,
        output=method.response,
        idempotency_level=_level(method.rpc),
        stream_type=_TYPES[method.rpc.streams_in, method.rpc.streams_out],
    )

    async def one(request: Any, context: RequestContext[Any, Any]) -> Any:
        exchange = _exchange(context)
        try:
            return await answer(method, _taken(method, request, exchange), exchange)
        except CallFailed as error:
            raise _error(error, context) from None
        finally:
            _state(exchange.trailers, context)

    async def several(request: Any, context: RequestContext[Any, Any]) -> AsyncIterator[Any]:
        exchange = _exchange(context)
        pieces = answers(method, _taken(method, request, exchange), exchange)
        try:
            async for piece in pieces:
                _state(exchange.trailers, context)
                yield piece
        except CallFailed as error:
            raise _error(error, context) from None
        finally:
            await pieces.aclose()  # type: ignore[attr-defined]

    if method.rpc.streams_out:
        return (Endpoint.bidi_stream if method.rpc.streams_in else Endpoint.server_stream)(method=info, function=several)
    return (Endpoint.client_stream if method.rpc.streams_in else Endpoint.unary)(method=info, function=one)


def _taken(method: Method, request: Any, exchange: Exchange) -> Any:
    """What a call takes: its message, or an iterator of them."""
    return _messages(method, request, exchange) if method.rpc.streams_in else request


async def _messages(method: Method, requests: AsyncIterator[Any], exchange: Exchange) -> AsyncIterator[Any]:
    try:
        async for one in requests:
            yield one
    except ConnectError as error:
        if error.code in _OF_CALLER:
            raise CallFailed(_OF_CALLER[error.code], error.message, [], []) from None
        raise failed(Unreadable(name=f"{method.rpc.name}Request"), exchange.request_id, []) from None


def _level(rpc: Rpc) -> IdempotencyLevel:
    return IdempotencyLevel.NO_SIDE_EFFECTS if rpc.reads else IdempotencyLevel.UNKNOWN


def _exchange(context: RequestContext[Any, Any]) -> Exchange:
    exchange = _exchange_of(context)
    context.response_headers["x-request-id"] = exchange.request_id
    return exchange


def _exchange_of(context: RequestContext[Any, Any]) -> Exchange:
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in context.request_headers.allitems()]
    host, _, port = (context.client_address or "").rpartition(":")
    return Exchange(
        headers=[one for one in headers if one[0] in PASSED_ON],
        client=(host.strip("[]"), int(port)) if port.isdigit() else None,
        trailers=[],
    )


def _state(headers: Headers, context: RequestContext[Any, Any]) -> None:
    """Send metadata with the response: what is at the end of a call in gRPC is at its start here."""
    for name, value in headers:
        if value.isascii():
            context.response_headers[name.decode().lower()] = value.decode()


def _error(error: CallFailed, context: RequestContext[Any, Any]) -> ConnectError:
    _state(error.trailers, context)
    details = [ErrorDetail(AnyMessage(type_url=one.type_url, value=one.value)) for one in error.status.details]
    return ConnectError(Code[error.code.name.replace("CANCELLED", "CANCELED")], error.message, details)
