"""Calls of operations: a message becomes the operation's request, and its JSON a message.

The operation itself admits, checks, audits and answers as for HTTP; nothing of that is repeated here.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
from google.protobuf.message import Message

from penstock.api.grpc.contract import CHUNK, JSON, MASK, Rpc, whole_of
from penstock.api.grpc.converting import FromJson, ToJson, names_in
from penstock.api.grpc.descriptors import descriptor_of, message_type
from penstock.api.grpc.errors import failed_in_http
from penstock.api.grpc.exchange import Exchange
from penstock.api.grpc.shapes import Field, Many, Mapped
from penstock.api.shared.call import Answer, Stream
from penstock.api.shared.conditions import etag_of
from penstock.api.shared.executor import Executor
from penstock.api.shared.in_process import InProcess, Query, encode_query, filled, receiving
from penstock.kit.errors import InvalidInput
from penstock.kit.http import Headers
from penstock.kit.http import Message as AsgiMessage
from penstock.kit.operation import Bound

CHUNK_BYTES = 65_536
_JSON_HEADER = (b"content-type", b"application/json")
HasTag = Callable[[Bound], bool]
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class _Request(msgspec.Struct):
    """A request of HTTP, without what says who calls."""

    path: str
    params: dict[str, str]
    query: str
    headers: Headers
    body: bytes


class Plan:
    """How a call is one of its operation: what is in the path, the query and the body, and how the JSON becomes a message."""

    def __init__(self, rpc: Rpc, bound: Bound, *, answers_http: bool = False) -> None:
        """Prepare the calls of an operation; one that `answers_http` is an ASGI application."""
        assert rpc.operation is not None
        self.bound = bound
        self.operation = rpc.operation
        self.answers_http = answers_http
        self.is_file = rpc.operation.media_type != JSON
        request = descriptor_of(f"{rpc.name}Request")
        self._path = [(field.json_name, field.name) for field in rpc.path]
        self._template = re.sub(r":\w+(?=\})", "", rpc.operation.path)  # without the kinds of its parameters
        self._query = ToJson(rpc.query, request) if rpc.query else None
        self._body = ToJson(rpc.body.fields, request) if rpc.body.fields else None
        self._whole = rpc.body.whole
        self._whole_body = ToJson([rpc.body.whole], request) if rpc.body.whole is not None else None
        self._media_type = rpc.body.media_type
        self._has_body = rpc.operation.body is not None
        self._by_name = {field.name: field for field in rpc.body.fields}
        self._is_patch = rpc.is_patch
        self._response = message_type(f"{rpc.name}Response")
        self._whole_response = whole_of(rpc.response)
        self._has_response = bool(rpc.response)
        self._convert = FromJson(rpc.response, self._response.DESCRIPTOR)

    def request(self, message: Any) -> _Request:
        """What a message asks of the operation.

        Raises:
            InvalidInput: a field has no valid value; the others are for the operation to judge.
        """
        params = {json_name: getattr(message, name) for json_name, name in self._path}
        path = self.filled(params)
        query = encode_query(_texts(self._query(message))) if self._query else ""
        if not self._has_body:
            return _Request(path, params, query, [], b"")
        header, body = self._body_of(message)
        return _Request(path, params, query, [header, (b"content-length", b"%d" % len(body))], body)

    def filled(self, params: dict[str, str]) -> str:
        """The path with these parameters, encoded.

        Raises:
            InvalidInput: one is empty.
        """
        return filled(self._template, params)

    def _body_of(self, message: Any) -> tuple[tuple[bytes, bytes], bytes]:
        if self._media_type is not None and self._whole is not None:
            name = getattr(message, self._media_type.name)
            if not name.isascii() or not name.isprintable():
                raise InvalidInput.field(self._media_type.name, "must be a media type")
            return (b"content-type", name.encode()), getattr(message, self._whole.name)
        if self._whole_body is not None:
            found = self._whole_body(message)
            return _JSON_HEADER, _encode(found[""]) if "" in found else b"null"
        fields = self._body(message) if self._body is not None else {}
        return _JSON_HEADER, _encode(self._masked(message, fields) if self._is_patch else fields)

    def _masked(self, message: Any, fields: dict[str, Any]) -> dict[str, Any]:
        if not message.HasField(MASK):
            return fields
        out: dict[str, Any] = {}
        for path in names_in(message.update_mask.paths):
            field = self._by_name.get(path)
            if field is None:
                raise InvalidInput.field(MASK, f"must name fields of the request that can be changed; {path[:64]!r} is none")
            out[field.json_name] = fields.get(field.json_name, _cleared(field))
        return out

    def response(self, body: bytes) -> Message:
        """The message that has what the operation answered."""
        if not self._has_response or not body:
            return self._response()
        found = _decode(body)
        return self._response(**self._convert({"": found} if self._whole_response is not None else found))

    def chunk(self, content: bytes, media_type: str = "") -> Message:
        """The next bytes of a file."""
        return self._response(**{CHUNK[0].name: media_type, CHUNK[1].name: content})


class Calls:
    """Calls operations because of messages."""

    def __init__(self, executor: Executor, has_tag: HasTag) -> None:
        self._executor = executor
        self._has_tag = has_tag

    async def unary(self, plan: Plan, message: Message, exchange: Exchange) -> Message:
        """The response to a call.

        Raises:
            PenstockError, CallFailed.
        """
        answer = await self._answer(plan, message, exchange)
        if isinstance(answer, Stream):  # JSON that is made piece by piece
            return plan.response(b"".join([content async for content, _ in _written(answer)]))
        body = answer.body or b""
        assert isinstance(body, bytes)
        exchange.trailers += answer.headers
        if self._has_tag(plan.bound) and answer.status is None:
            exchange.trailers.append((b"etag", etag_of(body).encode()))
        return plan.response(body)

    async def json(self, plan: Plan, params: dict[str, str], query: Query, exchange: Exchange) -> Any:
        """The JSON that an operation without a body answers with.

        Raises:
            PenstockError.
        """
        scope = exchange.scope(plan.operation.method, plan.filled(params), query=encode_query(query), params=params)
        limited: Headers = []
        try:
            answer = await self._executor.answer(plan.bound, scope, receiving(b""), limited)
        finally:
            exchange.trailers[:] = limited
        assert isinstance(answer, Answer)
        return _decode(answer.body or b"null")

    async def file(self, plan: Plan, message: Message, exchange: Exchange) -> AsyncIterator[Message]:
        """The pieces of a file.

        Raises:
            PenstockError, CallFailed: before the first piece.
        """
        answer = await self._answer(plan, message, exchange)
        if isinstance(answer, Answer):
            body = answer.body or b""
            assert isinstance(body, bytes)
            media_type = plan.operation.media_type
            for at in range(0, max(len(body), 1), CHUNK_BYTES):
                yield plan.chunk(body[at : at + CHUNK_BYTES], media_type if at == 0 else "")
            return
        async for content, media_type in _written(answer):
            for at in range(0, max(len(content), 1), CHUNK_BYTES):
                yield plan.chunk(content[at : at + CHUNK_BYTES], media_type if at == 0 else "")

    async def _answer(self, plan: Plan, message: Message, exchange: Exchange) -> Stream | Answer[bytes]:
        asked = plan.request(message)
        method = plan.operation.method
        if plan.answers_http:
            outer, body = exchange.scope(method, asked.path), asked.body if plan.operation.body is not None else None
            found = await InProcess(plan.bound.handle).call(
                outer, method, asked.path, query=asked.query, headers=exchange.headers, body=body
            )
            if not found.ok:
                raise failed_in_http(found.value, found.headers)
            return Answer(body=found.body)
        scope = exchange.scope(method, asked.path, query=asked.query, params=asked.params, more=asked.headers)
        return await self._executor.answer(plan.bound, scope, receiving(asked.body), exchange.trailers)


async def _written(answer: Stream) -> AsyncIterator[tuple[bytes, str]]:
    """What a streamed response writes, piece by piece, as fast as it is read; the first with its media type."""
    pieces: asyncio.Queue[AsgiMessage | None] = asyncio.Queue(maxsize=1)

    async def write() -> None:
        await answer.write(pieces.put)
        await pieces.put(None)

    writing = asyncio.create_task(write())
    media_type = ""
    try:
        while True:
            waiting = asyncio.ensure_future(pieces.get())
            await asyncio.wait((waiting, writing), return_when=asyncio.FIRST_COMPLETED)
            if writing.done() and writing.exception() is not None:
                waiting.cancel()
                await writing  # raises it
            message = await waiting
            if message is None:
                return
            if message["type"] == "http.response.start":
                found = next((value for name, value in message["headers"] if name == b"content-type"), b"")
                media_type = found.decode("latin-1")
            elif message.get("body") or media_type:
                yield message.get("body", b""), media_type
                media_type = ""
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)


def _texts(query: dict[str, Any]) -> Query:
    return {name: _text(value) for name, value in query.items()}


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return [_text(one) for one in value]
    if isinstance(value, str):
        return value
    return _encode(value).decode()


def _cleared(field: Field) -> Any:
    """What a field without a value is changed to."""
    if isinstance(field.shape, Many):
        return []
    return {} if isinstance(field.shape, Mapped) else None
