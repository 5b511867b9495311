"""Compressed responses: gzip, for callers that ask for it, if the content shrinks and is large enough.

Event streams are never compressed: their events would wait in the compressor. The event loop is never held for long: a large body
is compressed in a thread, and a streamed one piece by piece.
"""

from __future__ import annotations

import asyncio
import zlib

from penstock.api.shared.conditions import compressed_etag
from penstock.kit.http import App, Headers, Message, Receive, Scope, Send, header

MIN_BYTES = 1_024
"""Below this the gain is smaller than a packet."""
INLINE_BYTES = 65_536
"""What is compressed on the event loop, in about a millisecond. More goes to a thread."""
LEVEL = 5
VARY = (b"vary", b"Accept-Encoding")
"""Sent with every response that could have been compressed, because caches must not mix the two."""
_CODING = (b"content-encoding", b"gzip")
_AS_GZIP = 16 + zlib.MAX_WBITS
_SHRINKING = (b"application/json", b"application/problem+json", b"application/x-ndjson", b"text/")
_STREAMED_LIVE = b"text/event-stream"


def _is_worth_it(start: Message) -> bool:
    """Whether a streamed response is compressed. One without a length is of any length."""
    headers = dict(start["headers"])
    length = headers.get(b"content-length")
    return shrinks(headers.get(b"content-type", b"")) and (length is None or int(length) >= MIN_BYTES)


def shrinks(media_type: bytes) -> bool:
    """Whether content of this type becomes smaller."""
    return media_type.startswith(_SHRINKING) and not media_type.startswith(_STREAMED_LIVE)


def accepts_gzip(scope: Scope) -> bool:
    """Whether the caller asks for gzip (RFC 9110, 12.5.3). A caller that says nothing does not."""
    value = header(scope, b"accept-encoding")
    if value is None:
        return False
    weights: dict[bytes, bytes] = {}
    for one in value.lower().split(b","):
        name, _, weight = one.partition(b";")
        weights[name.strip()] = weight.replace(b" ", b"")
    found = weights.get(b"gzip", weights.get(b"x-gzip", weights.get(b"*", b"q=0")))
    return found.removeprefix(b"q=").strip(b"0.") != b"" or found == b""


async def compressed(body: bytes) -> bytes:
    """A body as gzip."""
    if len(body) <= INLINE_BYTES:
        return _gzip(body)
    return await asyncio.to_thread(_gzip, body)


def _gzip(body: bytes) -> bytes:
    coder = zlib.compressobj(LEVEL, zlib.DEFLATED, _AS_GZIP)
    return coder.compress(body) + coder.flush()


def compressed_headers(headers: Headers) -> Headers:
    """The headers of a compressed response: no length yet, and a tag of its own."""
    changed = [
        (name, compressed_etag(value) if name == b"etag" else value) for name, value in headers if name != b"content-length"
    ]
    return [*changed, _CODING]


def compressing(app: App) -> App:
    """An application whose responses are compressed for callers that ask for it, piece by piece."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, _Compressor(send).send if accepts_gzip(scope) else _with_vary(send))

    return handle


def _with_vary(send: Send) -> Send:
    async def varied(message: Message) -> None:
        if message["type"] == "http.response.start" and _is_worth_it(message):
            message = {**message, "headers": [*message["headers"], VARY]}
        await send(message)

    return varied


class _Compressor:
    """Compresses the pieces of one response on their way."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._coder: zlib._Compress | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if _is_worth_it(message):
                self._coder = zlib.compressobj(LEVEL, zlib.DEFLATED, _AS_GZIP)
                message = {**message, "headers": [*compressed_headers(message["headers"]), VARY]}
        elif self._coder is not None:
            message = {**message, "body": await self._next(message.get("body", b""), last=not message.get("more_body"))}
            if not message["body"] and message.get("more_body"):
                return  # the compressor keeps a small piece until there is more
        await self._send(message)

    async def _next(self, piece: bytes, *, last: bool) -> bytes:
        coder = self._coder
        assert coder is not None
        found = coder.compress(piece) if len(piece) <= INLINE_BYTES else await asyncio.to_thread(coder.compress, piece)
        return found + coder.flush() if last else found
