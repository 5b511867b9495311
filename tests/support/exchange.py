"""Calling an ASGI application that runs on an event loop in another thread, from a synchronous client and without a socket.

httpx has a transport for ASGI, but an asynchronous one that waits for the end of each answer: a stream has none.
"""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any
from urllib.parse import unquote

import httpx

Message = MutableMapping[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]
LOCAL = ("127.0.0.1", 1)


class Exchange:
    """One request on its way through the application, and what comes back piece by piece."""

    def __init__(self, app: App, loop: asyncio.AbstractEventLoop, scope: Message, body: bytes, timeout_s: float | None) -> None:
        self._loop = loop
        self._unread: list[bytes] = [body]
        self._pieces: queue.SimpleQueue[Message | BaseException | None] = queue.SimpleQueue()
        self._timeout_s = timeout_s
        self._gone = asyncio.Event()
        self._task = asyncio.run_coroutine_threadsafe(self._run(app, scope), loop)

    async def _run(self, app: App, scope: Message) -> None:
        try:
            await app(scope, self._receive, self._send)
            self._pieces.put(None)
        except BaseException as failure:
            self._pieces.put(failure)
            raise

    async def _receive(self) -> Message:
        if self._unread:
            return {"type": "http.request", "body": self._unread.pop(), "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self._pieces.put(dict(message))

    def next(self) -> Message:
        """The next message of the answer.

        Raises:
            httpx.ReadTimeout: none came in time.
            httpx.RemoteProtocolError: the application ended without one.
        """
        try:
            piece = self._pieces.get(timeout=self._timeout_s)
        except queue.Empty:
            raise httpx.ReadTimeout("the application says nothing") from None
        if piece is None:
            raise httpx.RemoteProtocolError("the application ended in the middle of an answer")
        if isinstance(piece, BaseException):
            raise piece
        return piece

    def body(self) -> Iterator[bytes]:
        """The body of the answer, piece by piece; its first message was taken before."""
        more = True
        while more:
            message = self.next()
            yield message.get("body", b"")
            more = message.get("more_body", False)

    def end(self) -> None:
        """Hang up. An application that is still at it is told that the client is gone."""
        if not self._task.done():
            self._loop.call_soon_threadsafe(self._gone.set)


class AnswerStream(httpx.SyncByteStream):
    """The body of an answer."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        return self._exchange.body()

    def close(self) -> None:
        self._exchange.end()


class InProcessTransport(httpx.BaseTransport):
    """Takes the place of the connection pool of an `httpx.Client`."""

    def __init__(self, app: App, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._loop = loop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        timeout_s = request.extensions.get("timeout", {}).get("read")
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        scope = scope_of(request.method, request.url.raw_path, headers)
        exchange = Exchange(self._app, self._loop, scope, b"".join(request.stream), timeout_s)
        start = exchange.next()
        return httpx.Response(start["status"], headers=start["headers"], stream=AnswerStream(exchange))


class InProcessClient(httpx.Client):
    """A client of the application, which also takes requests as they are.

    What httpx does to a request and its answer takes longer than what the application does to most.
    """

    TIMEOUT_S = 30

    def __init__(self, app: App, loop: asyncio.AbstractEventLoop, **options: Any) -> None:
        super().__init__(transport=InProcessTransport(app, loop), timeout=self.TIMEOUT_S, **options)
        self._app = app
        self._loop = loop
        # Without the codings that httpx would undo.
        self._common = {name.lower(): value for name, value in self.headers.raw if name.lower() != b"accept-encoding"}
        self._common[b"host"] = self.base_url.netloc

    def exchange(self, method: str, target: str, headers: dict[str, bytes], body: bytes | None) -> Exchange:
        """Send a request. Its headers take the place of those of the client that have the same name."""
        sent = self._common | {name.lower().encode(): value for name, value in headers.items()}
        if body is not None:
            sent[b"content-length"] = b"%d" % len(body)
        scope = scope_of(method, target.encode("ascii"), list(sent.items()))
        return Exchange(self._app, self._loop, scope, body or b"", self.TIMEOUT_S)


def scope_of(method: str, target: bytes, headers: list[tuple[bytes, bytes]]) -> Message:
    """A request as the front door hands it on."""
    raw_path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": LOCAL,
        "client": LOCAL,
        "scheme": "http",
        "method": method,
        "root_path": "",
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "headers": headers,
        "state": {},
        "extensions": {},
    }
