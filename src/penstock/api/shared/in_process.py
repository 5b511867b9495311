"""Calls of the API from within the process: the same application, without a socket.

A call goes through admission, limits, idempotency and audit like one from outside, and its response is the same. The headers that
are passed on say who calls; nothing is trusted because it comes from here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote, urlencode

import msgspec

from penstock.kit.errors import InvalidInput
from penstock.kit.http import App, Headers, Message, Receive, Scope
from penstock.kit.request_id import request_id_of
from penstock.kit.secret import hides

CREDENTIAL_HEADERS = frozenset({b"x-api-key", b"authorization", b"authentication", b"x-organization-id"})
"""Headers that say who calls, and for which organisation."""
ORIGIN_HEADERS = frozenset({b"user-agent", b"x-forwarded-for", b"host"})
"""Headers that say with which program, and from where."""
CONDITION_HEADERS = frozenset({b"idempotency-key", b"if-match", b"if-none-match"})
"""Headers that say when a call has an effect."""
_FROM_OUTER = ("asgi", "http_version", "scheme", "client", "server")
Query = Mapping[str, str | Sequence[str] | None]


@hides("body")
class ApiAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The response to a call of the API."""

    status: int
    headers: Headers
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the call succeeded."""
        return self.status < 400

    @property
    def version(self) -> str:
        """The ETag of a thing that can be changed; empty if it has none."""
        return self.header(b"etag")

    @property
    def value(self) -> Any:
        """The decoded JSON; None without a body."""
        return msgspec.json.decode(self.body) if self.body else None

    def header(self, name: bytes) -> str:
        """The first header with this (lower-case) name; empty if there is none."""
        return next((value.decode("latin-1") for found, value in self.headers if found.lower() == name), "")


class InProcess:
    """Calls an application. `mark` can mark the scope of each call, as the console does with its own."""

    def __init__(self, app: App, mark: Callable[[Scope], Scope] | None = None) -> None:
        self._app = app
        self._mark = mark

    async def call(
        self,
        outer: Scope,
        method: str,
        path: str,
        *,
        query: str = "",
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes | None = None,
    ) -> ApiAnswer:
        """Call an operation because of the request `outer`, with these headers and no others.

        `outer` need not be of HTTP: only its `client`, `server`, `scheme` and request id are used, if there. `path` and
        `query` are encoded. A body is JSON unless a header says otherwise. To end a call early, cancel it.
        """
        scope = _scope_of(outer, method, path, query, list(headers), body)
        started: Message = {}
        parts: list[bytes] = []

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                parts.append(message.get("body", b""))

        await self._app(self._mark(scope) if self._mark else scope, receiving(body or b""), send)
        return ApiAnswer(status=started["status"], headers=list(started["headers"]), body=b"".join(parts))


def receiving(body: bytes) -> Receive:
    """ASGI's `receive` of a request with this body. Its client stays: a call that ends early is cancelled."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await asyncio.Event().wait()
        raise AssertionError

    return receive


def passed_on(outer: Scope, names: Collection[bytes]) -> Headers:
    """The headers of a request that have these (lower-case) names."""
    return [(name, value) for name, value in outer.get("headers", ()) if name in names]


def encode_query(query: Query) -> str:
    """A query string, without parameters that are None or empty: those of an unused filter."""
    pairs = []
    for name, value in query.items():
        for one in [value] if isinstance(value, str) else value or ():
            if one != "":
                pairs.append((name, one))
    return urlencode(pairs, quote_via=quote)


def filled(template: str, path: Mapping[str, str]) -> str:
    """The path of a template, with its parameters encoded.

    Raises:
        InvalidInput: a parameter is empty, such as a field that was not sent: the path would be that of all things of its kind.
    """
    for name, value in path.items():
        if not value:
            raise InvalidInput.field(name, "is required", "missing")
    return template.format_map({name: quote(value, safe="") for name, value in path.items()})


def _scope_of(outer: Scope, method: str, path: str, query: str, headers: Headers, body: bytes | None) -> Scope:
    if body is not None:
        if not any(name == b"content-type" for name, _ in headers):
            headers.append((b"content-type", b"application/json"))
        headers.append((b"content-length", b"%d" % len(body)))
    return {
        **{name: outer[name] for name in _FROM_OUTER if name in outer},
        "type": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": headers,
        "extensions": {},
        "penstock.request_id": request_id_of(outer),
    }
