"""Calls of gRPC as a client makes them, with messages from the descriptors, and gRPC on a server in this process."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import grpc
import msgspec
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status

from penstock.api.grpc.config import GrpcConfig
from penstock.api.grpc.contract import DECLARED, Rpc, is_call, rpc_of
from penstock.api.grpc.descriptors import message_type
from penstock.api.grpc.server import GrpcServer
from tests.support.in_process import InProcessServer
from tests.support.server import Org
from tests.support.waiting import CEILING_S

T = TypeVar("T")
Sent = Message | bytes | dict[str, Any]
"""A message, its bytes, or the keyword arguments of its class."""
LIMIT_BYTES = 32_000_000
"""What a client takes as one message."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """How a call ended: its messages, its status with the details, and the metadata at its end."""

    messages: list[Any]
    code: grpc.StatusCode
    text: str
    reason: str
    fields: dict[str, str]
    request_id: str
    retry_s: int | None
    metadata: list[tuple[str, str | bytes]]

    @property
    def ok(self) -> bool:
        return self.code is grpc.StatusCode.OK

    @property
    def message(self) -> Any:
        """The only message of a call that went well."""
        assert self.ok, self
        (found,) = self.messages
        return found

    def told(self, name: str) -> list[str]:
        """The values of a name in the metadata."""
        return [str(value) for found, value in self.metadata if found == name]


@functools.cache
def rpcs() -> dict[str, Rpc]:
    """All calls by their full names, from the endpoints' classes."""
    # Here, as it imports the endpoints of all dialects.
    from tests.security.table import operations

    found = [*(rpc_of(one) for one in operations() if is_call(one)), *DECLARED]
    return {one.full_name: one for one in found}


def rpc_named(name: str) -> Rpc:
    """A call by the last part of its name, such as `SendReadings`."""
    (found,) = [one for full, one in rpcs().items() if full.endswith(f"/{name}")]
    return found


def request_of(rpc: Rpc, sent: Sent) -> bytes:
    """The bytes of a request."""
    if isinstance(sent, bytes):
        return sent
    message = message_type(f"{rpc.name}Request")(**sent) if isinstance(sent, dict) else sent
    content: bytes = message.SerializeToString()
    return content


class GrpcClient:
    """A client with one connection. `headers` are sent with every call, such as those of an organisation."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None, options: Sequence[tuple[str, Any]] = ()) -> None:
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        always = [("grpc.max_receive_message_length", LIMIT_BYTES), ("grpc.use_local_subchannel_pool", 1)]
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=[*always, *options])

    def __enter__(self) -> GrpcClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.channel.close()

    def metadata(self, headers: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
        """What is sent with a call; `headers` instead of the client's own, if they are given."""
        found = self.headers if headers is None else headers
        return [(name.lower(), value) for name, value in found.items()]

    def open(
        self,
        rpc: Rpc | str,
        sent: Sent | Iterable[Sent],
        *,
        headers: Mapping[str, str] | None = None,
        deadline_s: float = CEILING_S,
    ) -> Any:
        """Begin a call that answers with a stream, as grpcio has it: an iterator of bytes that can be cancelled."""
        rpc = rpc_named(rpc) if isinstance(rpc, str) else rpc
        make = self.channel.stream_stream if rpc.streams_in else self.channel.unary_stream
        content = (request_of(rpc, one) for one in sent) if rpc.streams_in else request_of(rpc, sent)  # type: ignore[union-attr, arg-type]
        return make(rpc.full_name)(content, metadata=self.metadata(headers), timeout=deadline_s)

    def call(
        self,
        rpc: Rpc | str,
        sent: Sent | Iterable[Sent],
        *,
        headers: Mapping[str, str] | None = None,
        deadline_s: float = CEILING_S,
    ) -> Reply:
        """Make a call of any kind to its end. One that takes a stream sends all of `sent`."""
        rpc = rpc_named(rpc) if isinstance(rpc, str) else rpc
        response = message_type(f"{rpc.name}Response")
        if rpc.streams_out:
            return ended(self.open(rpc, sent, headers=headers, deadline_s=deadline_s), response.FromString)
        options = {"metadata": self.metadata(headers), "timeout": deadline_s}
        try:
            if rpc.streams_in:
                contents = (request_of(rpc, one) for one in sent)  # type: ignore[union-attr, arg-type]
                content, call = self.channel.stream_unary(rpc.full_name).with_call(contents, **options)
            else:
                content, call = self.channel.unary_unary(rpc.full_name).with_call(request_of(rpc, sent), **options)  # type: ignore[arg-type]
        except grpc.RpcError as failure:
            return _reply([], failure)
        return _reply([response.FromString(content)], call)


def ended(call: Any, parse: Callable[[bytes], Any] = bytes) -> Reply:
    """How a call with a stream of answers ends, after what it still says."""
    messages = []
    try:
        for content in call:
            messages.append(parse(content))
    except grpc.RpcError as failure:
        return _reply(messages, failure)
    return _reply(messages, call)


def _reply(messages: list[Any], call: Any) -> Reply:
    metadata = [(name, value) for name, value in call.trailing_metadata() or ()]
    packed = next((value for name, value in metadata if name == "grpc-status-details-bin"), b"")
    details = Status.FromString(packed).details
    info, bad, about, retry = (_unpacked(details, kind) for kind in (ErrorInfo, BadRequest, RequestInfo, RetryInfo))
    return Reply(
        messages=messages,
        code=call.code(),
        text=call.details() or "",
        reason=info.reason if info else "",
        fields={one.field: one.description for one in bad.field_violations} if bad else {},
        request_id=about.request_id if about else "",
        retry_s=retry.retry_delay.seconds if retry else None,
        metadata=metadata,
    )


def _unpacked(details: Iterable[Any], kind: type[Message]) -> Any:
    for one in details:
        found = kind()
        if one.Unpack(found):
            return found
    return None


@contextmanager
def listening(server: InProcessServer, **config: Any) -> Iterator[GrpcServer]:
    """gRPC on a server in this process, as its settings would have it."""

    async def start(running: Any) -> GrpcServer:
        made = GrpcServer(running.calls_of_grpc(), GrpcConfig(listen=True, **config))
        await made.start("127.0.0.1", 0)
        return made

    grpc_server = server.call(start)
    try:
        yield grpc_server
    finally:

        async def stop(_: object) -> None:
            await grpc_server.stop()

        server.call(stop)


@contextmanager
def client_of(server: GrpcServer, org: Org | None = None, **options: Any) -> Iterator[GrpcClient]:
    """A client, with an organisation's key if one is given."""
    with GrpcClient(server.port, org.headers() if org else {}, **options) as client:
        yield client
