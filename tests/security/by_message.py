"""The requests of the matrices as calls of gRPC: what a request of HTTP says goes out as a message, and the answer comes back.

So every check of the matrices is also one of gRPC. What is no call there goes to the application as it is.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
from google.protobuf import json_format
from google.protobuf.message import Message

from penstock.api.grpc.contract import MASK, Rpc, whole_of
from penstock.api.grpc.converting import FromJson
from penstock.api.grpc.descriptors import message_type, pool
from penstock.api.grpc.shapes import Kind, Many, Plain, Shape
from penstock.kit.errors import REGISTRY
from penstock.kit.http import PROBLEM_TYPE, status_of
from penstock.kit.operation import Operation
from tests.security.table import PARAMETER
from tests.support.grpc_calls import GrpcClient, Reply, rpcs

OF_HTTP = frozenset({"host", "accept", "accept-encoding", "connection", "content-length", "content-type", "user-agent"})
"""Headers of HTTP that are no metadata of a call."""


class ByMessage(httpx.BaseTransport):
    """Takes the place of the connection pool of an `httpx.Client`."""

    def __init__(self, calls: GrpcClient, otherwise: httpx.BaseTransport) -> None:
        self._calls = calls
        self._otherwise = otherwise
        self.called: set[str] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        found = route(request.method, path)
        if found is None:
            return self._otherwise.handle_request(request)
        rpc, parameters = found
        content_type = request.headers.get("content-type", "")
        message = message_of(rpc, parameters, request.url.query.decode(), request.read(), content_type)
        headers = {name: value for name, value in request.headers.items() if name not in OF_HTTP}
        self.called.add(rpc.full_name)
        return answer_of(rpc, self._calls.call(rpc, message, headers=headers))


@functools.cache
def _routes() -> list[tuple[str, re.Pattern[str], Rpc]]:
    found = []
    for rpc in rpcs().values():
        if rpc.operation is not None:
            path = "".join(
                f"(?P<{part}>[^/]*)" if at % 2 else re.escape(part) for at, part in enumerate(PARAMETER.split(rpc.operation.path))
            )
            found.append((rpc.operation.method, re.compile(path), rpc))
    # Fixed words before parameters, as the router has it.
    return sorted(found, key=lambda one: one[1].groups)


@functools.cache
def route(method: str, path: str) -> tuple[Rpc, Mapping[str, str]] | None:
    """The call of a request, and what its path names."""
    for wanted, pattern, rpc in _routes():
        if wanted == method and (match := pattern.fullmatch(path)):
            return rpc, {name: unquote(value) for name, value in match.groupdict().items()}
    return None


@functools.cache
def _builder(name: str, part: str) -> FromJson:
    rpc = rpcs()[name]
    fields = {"query": rpc.query, "body": rpc.body.fields, "whole": (rpc.body.whole,) if rpc.body.whole else ()}[part]
    return FromJson(fields, message_type(f"{rpc.name}Request").DESCRIPTOR)


def message_of(rpc: Rpc, path: Mapping[str, str], query: str, body: bytes, content_type: str = "") -> Message:
    """The message that says the same as a request of HTTP."""
    found: dict[str, Any] = {field.name: path[field.json_name] for field in rpc.path}
    texts: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        texts.setdefault(name, []).append(value)
    shapes = {field.json_name: field.shape for field in rpc.query}
    assert texts.keys() <= shapes.keys(), (rpc.full_name, texts)
    found |= _builder(rpc.full_name, "query")({name: _typed(shapes[name], values) for name, values in texts.items()})
    found |= _of_body(rpc, body, content_type)
    return message_type(f"{rpc.name}Request")(**found)


def _of_body(rpc: Rpc, body: bytes, content_type: str) -> dict[str, Any]:
    whole, media_type = rpc.body.whole, rpc.body.media_type
    if whole is not None and media_type is not None:
        return {whole.name: body, media_type.name: content_type}
    if not body or (whole is None and not rpc.body.fields):
        return {}
    value = json.loads(body)
    if whole is not None:
        return _builder(rpc.full_name, "whole")({"": value})
    found = _builder(rpc.full_name, "body")(value)
    if rpc.is_patch:
        names = {field.json_name: field.name for field in rpc.body.fields}
        found[MASK] = {"paths": [names[name] for name in value]}
    return found


def _typed(shape: Shape, values: list[str]) -> Any:
    """The JSON of a parameter of a query."""
    if isinstance(shape, Many):
        return [_typed(shape.of, [one]) for value in values for one in value.split(",")]
    kinds: dict[Kind, Any] = {Kind.INTEGER: int, Kind.NUMBER: float, Kind.BOOLEAN: lambda text: text == "true"}
    (value,) = values
    return kinds.get(shape.kind, str)(value) if isinstance(shape, Plain) else value


def answer_of(rpc: Rpc, reply: Reply) -> httpx.Response:
    """The response of HTTP that says the same as a reply."""
    operation = rpc.operation
    assert operation is not None
    headers = [(name, value) for name, value in reply.metadata if isinstance(value, str)]
    if not reply.ok:
        problem = json.dumps(_problem(reply), separators=(",", ":"), ensure_ascii=False).encode()
        return httpx.Response(_status(reply), headers=[*headers, ("content-type", "application/problem+json")], content=problem)
    if rpc.streams_out:
        return _file(operation, reply, headers)
    text = json_format.MessageToJson(
        reply.message,
        indent=None,
        descriptor_pool=pool(),
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )
    plain = re.sub(r'(?<=[ \[])"(-?(?:0|[1-9]\d{0,18}))"(?=[,}\]])', r"\1", text)  # numbers of 64 bits are text there
    found, whole = json.loads(plain), whole_of(rpc.response)
    found = found if whole is None else found.get(whole.name)
    content = json.dumps(found, separators=(",", ":"), ensure_ascii=False).encode()
    return httpx.Response(operation.status, headers=[*headers, ("content-type", "application/json")], content=content)


def _file(operation: Operation, reply: Reply, headers: list[tuple[str, str]]) -> httpx.Response:
    content_type = reply.messages[0].content_type
    assert content_type, operation
    content = b"".join(one.content for one in reply.messages)
    return httpx.Response(operation.status, headers=[*headers, ("content-type", content_type)], content=content)


def _status(reply: Reply) -> int:
    assert reply.reason in REGISTRY, reply
    return status_of(REGISTRY[reply.reason])


def _problem(reply: Reply) -> dict[str, Any]:
    problem = {
        "type": PROBLEM_TYPE + reply.reason,
        "title": reply.code.name,
        "status": _status(reply),
        "code": reply.reason,
        "detail": reply.text,
        "request_id": reply.request_id,
    }
    errors = [{"field": name, "code": "invalid", "detail": text} for name, text in reply.fields.items()]
    return problem | ({"errors": errors} if errors else {})
