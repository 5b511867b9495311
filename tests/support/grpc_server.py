"""Calls of gRPC as a program makes them: a channel of grpcio, and the messages of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import json_format, message_factory
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, RetryInfo
from grpc_status import rpc_status

from penstock.api.grpc.contract import PACKAGE
from penstock.api.grpc.descriptors import message_type, pool
from tests.support.server import Org
from tests.support.waiting import CEILING_S

Metadata = Sequence[tuple[str, str]]
_DETAILS = (ErrorInfo, BadRequest, RetryInfo, RequestInfo)


class Caller:
    """Calls services through a channel. `metadata` says who calls."""

    def __init__(self, channel: grpc.Channel, metadata: Metadata = ()) -> None:
        self.channel = channel
        self.metadata = list(metadata)

    def with_metadata(self, *more: tuple[str, str]) -> Caller:
        """The same channel, with more metadata in each call."""
        return Caller(self.channel, [*self.metadata, *more])

    def call(self, name: str, request: Message | Iterable[Message] | None = None, /, **fields: Any) -> Any:
        """What a call such as `DevicesService/GetDevice` brings: a message, or an iterator of them.

        Without a request it is made from `fields`, as the JSON mapping of Protocol Buffers writes them.

        Raises:
            grpc.RpcError.
        """
        answer, call = self.answered(name, request, **fields)
        return call if answer is None else answer

    def answered(self, name: str, request: Message | Iterable[Message] | None = None, /, **fields: Any) -> tuple[Any, Any]:
        """The same, and the call, which knows its trailers; in place of an iterator None."""
        service, _, method = name.partition("/")
        described = pool().FindServiceByName(f"{PACKAGE}.{service}").methods_by_name[method]
        if request is None:
            request = made(described.input_type.name, **fields)
        send = (self._stream_in if described.client_streaming else self._one_in)[described.server_streaming]
        response = message_factory.GetMessageClass(described.output_type)
        stub = send(self.channel)(
            f"/{PACKAGE}.{name}",
            request_serializer=lambda sent: sent.SerializeToString(),
            response_deserializer=response.FromString,
        )
        if described.server_streaming:
            return None, stub(request, metadata=self.metadata, timeout=CEILING_S)
        found, call = stub.with_call(request, metadata=self.metadata, timeout=CEILING_S)
        return found, call

    _one_in = (lambda channel: channel.unary_unary, lambda channel: channel.unary_stream)
    _stream_in = (lambda channel: channel.stream_unary, lambda channel: channel.stream_stream)


def made(name: str, /, **fields: Any) -> Any:
    """A message of the contract, from the JSON of Protocol Buffers."""
    return json_format.ParseDict(fields, message_type(name)(), descriptor_pool=pool())


def shown(message: Message) -> dict[str, Any]:
    """A message as the JSON of Protocol Buffers, with the names of the contract."""
    return json_format.MessageToDict(message, preserving_proto_field_name=True, descriptor_pool=pool())


def metadata_of(org: Org) -> Metadata:
    """What says that a program of an organisation calls."""
    return [("x-api-key", org.api_key), ("x-organization-id", org.organization_id)]


@contextmanager
def caller_at(port: int, org: Org | None = None, *, tls: bytes | None = None) -> Iterator[Caller]:
    """Calls to a port of this machine, for an organisation. `tls` is the authority (PEM) that the client believes."""
    address = f"localhost:{port}" if tls else f"127.0.0.1:{port}"
    options = [("grpc.use_local_subchannel_pool", 1)]  # else two channels to one address share a connection
    channel = (
        grpc.secure_channel(address, grpc.ssl_channel_credentials(tls), options)
        if tls
        else grpc.insecure_channel(address, options)
    )
    with channel:
        yield Caller(channel, metadata_of(org) if org else ())


class Failure:
    """How a call failed: its code, its text, its details by type, and its trailers."""

    def __init__(self, error: grpc.RpcError) -> None:
        self.code: grpc.StatusCode = error.code()
        self.text: str = error.details()
        self.trailers = dict(error.trailing_metadata() or ())
        status = rpc_status.from_call(error)
        self.details = [_unpacked(one) for one in status.details] if status is not None else []

    def detail(self, kind: type[Any]) -> Any:
        """The detail of this type; None if there is none."""
        return next((one for one in self.details if isinstance(one, kind)), None)

    @property
    def reason(self) -> str:
        """The code of the error, as in problem documents."""
        found: str = self.detail(ErrorInfo).reason
        return found

    @property
    def fields(self) -> list[str]:
        """The fields that were wrong."""
        bad = self.detail(BadRequest)
        return [one.field for one in bad.field_violations] if bad is not None else []


def _unpacked(packed: Any) -> Any:
    for kind in _DETAILS:
        if packed.Is(kind.DESCRIPTOR):
            detail = kind()
            packed.Unpack(detail)
            return detail
    raise AssertionError(packed.type_url)


def refused(caller: Caller, name: str, request: Message | Iterable[Message] | None = None, /, **fields: Any) -> Failure | None:
    """How a call fails; None if it does not."""
    try:
        found = caller.call(name, request, **fields)
        if not isinstance(found, Message):
            list(found)
    except grpc.RpcError as error:
        return Failure(error)
    return None


def failure_of(caller: Caller, name: str, request: Message | Iterable[Message] | None = None, /, **fields: Any) -> Failure:
    """How a call fails that must not succeed."""
    failed = refused(caller, name, request, **fields)
    assert failed is not None, f"{name} succeeded"
    return failed
