"""Cross-origin calls: which web pages of other hosts can call the API from a browser (the Fetch standard's CORS protocol).

Credentials are sent in headers that a page must set itself, never in cookies. So `Access-Control-Allow-Credentials` is never
sent, not even to allowed origins. A preflight request has no key and is answered here, before limits and routes. If no origins
are set, nothing is wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from penstock.kit.bounds import ShortText, WholeSecondsFromZero
from penstock.kit.http import Headers, Message, Receive, Scope, Send, header
from penstock.kit.request_id import request_id_of

App = Callable[[Scope, Receive, Send], Awaitable[None]]
ANY = "*"
# `Authentication` is what clients of one vendor send in place of `Authorization`.
REQUEST_HEADERS = (
    "Authorization",
    "Authentication",
    "X-API-Key",
    "X-Organization-Id",
    "X-Connection-Secret",
    "X-Hook-Secret",
    "Content-Type",
    "Content-Encoding",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "MCP-Protocol-Version",
    "Mcp-Method",
    "Mcp-Name",
    # Clients of the Connect protocol and of gRPC-Web.
    "Connect-Protocol-Version",
    "Connect-Timeout-Ms",
    "X-User-Agent",
    "X-Grpc-Web",
    "Grpc-Timeout",
)
"""Additional request headers that pages can send."""
ANSWER_HEADERS = (
    "X-Request-Id",
    "X-Trace-Id",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Daily-Limit",
    "X-RateLimit-Daily-Remaining",
    "Retry-After",
    "X-Next-Cursor",
    "X-Range-From",
    "X-Range-To",
    "Content-Disposition",
    "ETag",
    "Idempotent-Replayed",
    # The status of a call by gRPC-Web that has no messages, which proxies can send as headers.
    "Grpc-Status",
    "Grpc-Message",
    "Grpc-Status-Details-Bin",
)
"""Additional response headers that pages can read."""
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_VARY = (b"vary", b"Origin")
# Lower case only: browsers send scheme and host in lower case, and origins are compared byte by byte.
_ORIGIN_FORM = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9_.:\[\]-]+")


class CorsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The pages that can call the API from a browser, and how long browsers may cache a preflight response."""

    origins: tuple[ShortText, ...] = ()
    max_age_s: WholeSecondsFromZero = 600


def origins_error(origins: Sequence[str]) -> str | None:
    """The error in a setting's origins; None if they are valid."""
    if ANY in origins and len(origins) > 1:
        return f'"{ANY}" must be the only entry, because it allows every origin'
    wrong = next((one for one in origins if one != ANY and not _ORIGIN_FORM.fullmatch(one)), None)
    return f"{wrong!r} must be an origin such as https://app.example.org" if wrong is not None else None


class Origins:
    """The allowed origins."""

    def __init__(self, origins: Sequence[str]) -> None:
        self.any = ANY in origins
        self._named = frozenset(one.encode() for one in origins)

    def allow(self, origin: bytes | None) -> bool:
        return self.any or origin in self._named


class Cors:
    """An ASGI application that answers preflight requests and adds CORS headers to another application's responses."""

    def __init__(self, app: App, config: CorsConfig, prefixes: Sequence[str]) -> None:
        """Wrap `app`. Only paths with one of these `prefixes` are affected."""
        self._app = app
        self._prefixes = tuple(prefixes)
        self._origins = Origins(config.origins)
        self._on_answer = [(b"access-control-expose-headers", ", ".join(ANSWER_HEADERS).encode())]
        self._on_preflight = [
            (b"access-control-allow-methods", _METHODS.encode()),
            (b"access-control-allow-headers", ", ".join(REQUEST_HEADERS).encode()),
            (b"access-control-max-age", b"%d" % config.max_age_s),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._prefixes):
            return await self._app(scope, receive, send)
        origin = header(scope, b"origin")
        # Without the last header it is a plain OPTIONS call, which the application answers.
        if scope["method"] == "OPTIONS" and origin and header(scope, b"access-control-request-method"):
            headers = [*self._marks(origin, self._on_preflight), (b"x-request-id", request_id_of(scope).encode())]
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            return await send({"type": "http.response.body", "body": b""})
        marks = self._marks(origin, self._on_answer)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *marks]}
            await send(message)

        return await self._app(scope, receive, marked)

    def _marks(self, origin: bytes | None, more: Headers) -> Headers:
        if self._origins.any:
            return [(b"access-control-allow-origin", b"*"), *more]
        if origin is None or not self._origins.allow(origin):
            return [_VARY]  # the response differs by origin, so caches must not mix them
        return [(b"access-control-allow-origin", origin), *more, _VARY]
