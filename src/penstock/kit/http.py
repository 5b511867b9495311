"""The HTTP boundary below any framework: reads bodies within limits, sends responses, converts errors to problem documents.

It depends on ASGI but not on the domain. The raw handlers of hot paths and the typed ones use it alike, so that limits and error
bodies are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from penstock.kit.errors import Kind, PenstockError
from penstock.kit.inflate import GZIP, BodyTooLarge, Inflater
from penstock.kit.request_id import request_id_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An ASGI application."""
Headers = list[tuple[bytes, bytes]]

PROBLEM_TYPE = "https://penstock.dev/errors/"
"""The prefix of a problem's `type`; the error's code follows. It is a name, and no page needs to exist there."""

STATUS: dict[Kind, int] = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.PRECONDITION: 422,
    Kind.EXHAUSTED: 429,
    Kind.UNSUPPORTED: 415,
    Kind.UNAVAILABLE: 503,
    Kind.INTERNAL: 500,
}
RETRY_AFTER_S = 1
_REQUEST_ID = b"x-request-id"
_STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})


class EncodingUnsupported(PenstockError):
    """The body is compressed in a way that is not accepted; only gzip is."""

    kind, code = Kind.UNSUPPORTED, "request.encoding_unsupported"
    message = "Content-Encoding must be gzip or absent, not {encoding}"


class MediaTypeUnsupported(PenstockError):
    """This endpoint does not accept the media type of the body."""

    kind, code = Kind.UNSUPPORTED, "request.media_type_unsupported"
    message = "Content-Type must be {expected}"


class RouteNotFound(PenstockError):
    """No endpoint has this path."""

    kind, code = Kind.NOT_FOUND, "request.route_not_found"
    message = "this path was not found"


class MethodNotAllowed(PenstockError):
    """The path exists, but not for this method."""

    kind, code = Kind.INVALID, "request.method_not_allowed"
    message = "method {method} is not allowed for this path"


class PreconditionFailed(PenstockError):
    """The object was changed since the caller read it: `If-Match` or `If-None-Match` does not hold."""

    kind, code = Kind.PRECONDITION, "request.precondition_failed"
    message = "{header} does not match the current state; read it again and repeat the change"


class TooManyBodies(PenstockError):
    """The request bodies being received exceed the memory reserved for them."""

    kind, code = Kind.UNAVAILABLE, "server.busy"
    message = "too many request bodies are being received; retry in a second"


class ClientGone(Exception):
    """The client disconnected before its body or the response was complete, so there is no one to respond to."""


_OWN_STATUS: dict[str, int] = {BodyTooLarge.code: 413, MethodNotAllowed.code: 405, PreconditionFailed.code: 412}
"""The errors whose status is more specific than their kind."""


def status_of(error: PenstockError | type[PenstockError]) -> int:
    """The HTTP status of an error, or of every error of a class."""
    return _OWN_STATUS.get(error.code, STATUS[error.kind])


class BodyBudget:
    """How many bytes of request bodies can be in memory at a time, over all connections."""

    __slots__ = ("_left",)

    def __init__(self, limit_bytes: int) -> None:
        self._left = limit_bytes

    def acquire(self, size: int) -> None:
        """Reserve memory.

        Raises:
            TooManyBodies: the limit is reached.
        """
        if size > self._left:
            raise TooManyBodies()
        self._left -= size

    def release(self, size: int) -> None:
        self._left += size


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header with this (lower-case) name."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return None


async def until_gone(receive: Receive) -> None:
    """Return when the client has disconnected. The body has been read."""
    while (await receive())["type"] != "http.disconnect":
        continue


async def read_body(scope: Scope, receive: Receive, limit: int, budget: BodyBudget | None = None) -> bytes:
    """The whole body of a request, decompressed if it is gzip. The limit is that of the content.

    Raises:
        BodyTooLarge, EncodingUnsupported, TooManyBodies, ClientGone.
        InvalidInput: it should be gzip and is not.
    """
    inflater = None
    for key, value in scope["headers"]:
        if key == b"content-length" and int(value) > limit:
            raise BodyTooLarge(limit=limit)
        if key == b"content-encoding":
            inflater = _inflater(value, limit, inflater)
    message = await receive()
    if inflater is None and message["type"] == "http.request" and not message.get("more_body"):
        body = bytes(message.get("body", b""))  # the common case: the whole body arrived with the head
        if len(body) > limit:
            raise BodyTooLarge(limit=limit)
        return body
    return await _read_rest(message, receive, limit, budget, inflater)


def _inflater(coding: bytes, limit: int, before: Inflater | None) -> Inflater | None:
    name = coding.strip().lower()
    if name in (b"", b"identity"):
        return before
    # Compressed twice is something that no client does, and a way to multiply the work.
    if name not in GZIP or before is not None:
        raise EncodingUnsupported(encoding=name[:40].decode("latin-1") if before is None else "several")
    return Inflater(limit)


async def _read_rest(
    message: Message, receive: Receive, limit: int, budget: BodyBudget | None, inflater: Inflater | None
) -> bytes:
    parts: list[bytes] = []
    size = received = 0
    try:
        while True:
            if message["type"] == "http.disconnect":
                raise ClientGone
            part = message.get("body", b"")
            received += len(part)
            if inflater is not None:
                part = inflater.feed(part)
            if budget is not None:
                budget.acquire(len(part))
            size += len(part)
            if size > limit or received > limit:
                raise BodyTooLarge(limit=limit)
            parts.append(part)
            if not message.get("more_body"):
                if inflater is not None and received:
                    inflater.end()
                return b"".join(parts)
            message = await receive()
    finally:
        if budget is not None:
            budget.release(size)


def has_body(scope: Scope) -> bool:
    """Whether a request says that it has a body."""
    return any(
        key == b"transfer-encoding" or (key == b"content-length" and value.strip() != b"0") for key, value in scope["headers"]
    )


JSON_TYPE = b"application/json"
_CURL_DEFAULT = b"application/x-www-form-urlencoded"


def check_json_type(scope: Scope, *others: bytes) -> bytes:
    """The request's media type, which must be JSON or one of the others.

    A missing one counts as JSON, and so does the default of curl and wget: the body then decides.

    Raises:
        MediaTypeUnsupported: it is another media type.
    """
    value = header(scope, b"content-type")
    media_type = value.partition(b";")[0].strip().lower() if value else JSON_TYPE
    if media_type == JSON_TYPE or media_type in others:
        return media_type
    if media_type == _CURL_DEFAULT or media_type.endswith(b"+json"):
        return JSON_TYPE
    raise MediaTypeUnsupported(expected=" or ".join(dict.fromkeys(name.decode() for name in (JSON_TYPE, *others))))


def problem(error: PenstockError, request_id: str) -> dict[str, Any]:
    """An error as a problem document.

    Shape: {type, title, status, code, detail, request_id, errors: [{field, code, detail}]?, and the error's facts}.
    Source: RFC 9457; `code`, `request_id`, `errors` and the facts are Penstock's extension members.
    """
    status = status_of(error)
    document: dict[str, Any] = {
        "type": PROBLEM_TYPE + error.code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": error.code,
        "detail": error.detail,
        "request_id": request_id,
    }
    document |= {name: error.facts[name] for name in error.shown}
    if error.errors:
        document["errors"] = [field.as_dict() for field in error.errors]
    return document


def error_headers(error: PenstockError) -> Headers:
    """The headers that belong to an error's status."""
    if error.kind is Kind.UNAUTHENTICATED:
        return [(b"www-authenticate", b'Bearer realm="penstock"')]
    if "allow" in error.facts:
        return [(b"allow", error.facts["allow"].encode())]
    if "retry_after_s" in error.facts:
        return [(b"retry-after", b"%d" % error.facts["retry_after_s"])]
    if error.kind is Kind.UNAVAILABLE:
        return [(b"retry-after", b"%d" % RETRY_AFTER_S)]
    return []


def identifying(scope: Scope, send: Send) -> Send:
    """Add the request id to the response of an ASGI application, unless it already states it."""
    answered = scope["type"] != "websocket" or "websocket.http.response" not in scope.get("extensions", {})

    async def identified(message: Message) -> None:
        nonlocal answered
        if not answered and message["type"] == "websocket.close":
            # A handshake that is closed is one rejected with 403, to which the server would add no header.
            answered = True
            headers = [(_REQUEST_ID, request_id_of(scope).encode()), (b"content-length", b"0")]
            await send({"type": "websocket.http.response.start", "status": HTTPStatus.FORBIDDEN, "headers": headers})
            await send({"type": "websocket.http.response.body", "body": b""})
            return
        answered = True
        if message["type"] in _STARTS:
            headers = list(message.get("headers", ()))
            if not any(name == _REQUEST_ID for name, _ in headers):
                message = {**message, "headers": [*headers, (_REQUEST_ID, request_id_of(scope).encode())]}
        await send(message)

    return identified


async def send_json(send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """Send a JSON response."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", b"%d" % len(body)),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def send_problem(send: Send, error: PenstockError, request_id: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """Send an error as a problem document."""
    body = msgspec.json.encode(problem(error, request_id))
    await send(
        {
            "type": "http.response.start",
            "status": status_of(error),
            "headers": [
                (b"content-type", b"application/problem+json"),
                (b"content-length", b"%d" % len(body)),
                (_REQUEST_ID, request_id.encode()),
                *headers,
                *error_headers(error),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def refuse_websocket(
    scope: Scope, send: Send, error: PenstockError, request_id: str, close_code: int, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Reject a WebSocket handshake with a problem document, or with a close code if the server does not support that."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": close_code, "reason": error.code})
        return
    body = msgspec.json.encode(problem(error, request_id))
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (_REQUEST_ID, request_id.encode()),
        *headers,
        *error_headers(error),
    ]
    await send({"type": "websocket.http.response.start", "status": status_of(error), "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})


def credential(scope: Scope) -> bytes | None:
    """The credential of a request. There are three ways to send it; the first one present counts.

    `X-API-Key: <key>`, `Authorization: Bearer <key>`, `Authentication: bearer <key>`; the scheme is case-insensitive.
    """
    bearer = None
    for key, value in scope["headers"]:
        if key == b"x-api-key":
            return bytes(value).strip()
        if key == b"authorization" or (key == b"authentication" and bearer is None):
            bearer = value
    if bearer is None:
        return None
    scheme, _, rest = bytes(bearer).strip().partition(b" ")
    return rest.strip() if scheme.lower() == b"bearer" and rest else None
