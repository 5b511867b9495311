"""Calls of the API from within the process: the same application, without a socket.

A call goes through admission, limits, idempotency and audit like one from outside, and its response is the same JSON.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from penstock.api.shared.inside import marked
from penstock.kit.errors import InvalidInput
from penstock.kit.http import App, Headers, Message, Scope
from penstock.kit.request_id import request_id_of
from penstock.kit.secret import hides

KEPT_HEADERS = frozenset({b"user-agent", b"x-forwarded-for", b"host"})
"""Headers of the browser's request that its calls repeat: who calls, and from where."""
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
        return next((value.decode("latin-1") for name, value in self.headers if name.lower() == b"etag"), "")

    @property
    def value(self) -> Any:
        """The decoded JSON; None without a body."""
        return msgspec.json.decode(self.body) if self.body else None


class ApiFailed(Exception):
    """A call of the API failed, and the page has no use for its error. `problem` is the problem document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("code", str(status)))
        self.status = status
        self.problem = problem


class ApiCaller:
    """Calls the application that serves the API."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def call(
        self, outer: Scope, method: str, path: str, *, query: Query, body: bytes | None, token: str | None, version: str = ""
    ) -> ApiAnswer:
        """Call an operation on behalf of the browser whose request `outer` is, with its access token.

        `version` is the ETag of the thing to change: if it is no longer the current one, the response is 412.
        """
        scope = _scope_of(outer, method, path, encode_query(query), body, token)
        if version:
            scope["headers"].append((b"if-match", version.encode("latin-1")))
        started: Message = {}
        parts: list[bytes] = []
        sent = False

        async def receive() -> Message:
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": body or b"", "more_body": False}
            await asyncio.Event().wait()  # the page stays until it has its response
            raise AssertionError

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, send)
        return ApiAnswer(status=started["status"], headers=list(started["headers"]), body=b"".join(parts))


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


def _scope_of(outer: Scope, method: str, path: str, query: str, body: bytes | None, token: str | None) -> Scope:
    headers = [(name, value) for name, value in outer["headers"] if name in KEPT_HEADERS]
    if token is not None:
        headers += [(b"authorization", b"Bearer " + token.encode()), (b"x-organization-id", b"own")]
    if body is not None:
        headers += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    scope = {
        **{name: outer[name] for name in ("asgi", "http_version", "scheme", "client", "server") if name in outer},
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": headers,
        "extensions": {},
        "penstock.request_id": request_id_of(outer),
    }
    return marked(scope)
