"""The application behind the door in these tests: it remembers whatever reaches it and answers by path."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

PIECE = b"x" * 65_536
OK = [(b"content-type", b"text/plain")]


class Probe:
    """`seen` holds (method, path, headers, body) of each request that came whole; `cut` the paths that were cut off."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.seen: list[tuple[str, str, dict[bytes, bytes], bytes]] = []
        self.cut: list[str] = []
        self.scopes: list[dict[str, Any]] = []
        self.release = threading.Event()
        self.lifespan: list[str] = []
        self.buffered = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            self.started.append(scope["path"])
            self.scopes.append(scope)
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Any, send: Any) -> None:
        while "shutdown" not in self.lifespan:
            event = (await receive())["type"].removeprefix("lifespan.")
            self.lifespan.append(event)
            await send({"type": f"lifespan.{event}.complete"})

    async def _websocket(self, scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "websocket.connect"
        self.scopes.append(scope)
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            try:
                while message.get("text") == "flood":
                    await send({"type": "websocket.send", "bytes": PIECE})
            except OSError:
                self.cut.append("flood")
                return
            await send({"type": "websocket.send", "text": message["text"]})
        self.cut.append(f"websocket {message['code']}")

    async def _http(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        if path == "/early":
            await self._answer(send, 413, b"too much")
            return
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.cut.append(path)
                return
            body += message["body"]
            more = message["more_body"]
        self.seen.append((scope["method"], path, dict(scope["headers"]), body))
        if path == "/slow":
            while not self.release.is_set():
                await asyncio.sleep(0.01)
        if path in {"/stream", "/endless"}:
            await self._stream(scope, receive, send)
        elif path == "/large":
            await self._answer(send, 200, PIECE * 300)
        elif path == "/abort":
            await send({"type": "http.response.start", "status": 200, "headers": OK})
            await send({"type": "http.response.body", "body": PIECE * 300, "more_body": True})
            self.buffered = scope["extensions"]["penstock.buffered"]()
            scope["extensions"]["penstock.abort"]()
        else:
            await self._answer(send, int(path[1:]) if path[1:].isdigit() else 200, body or path.encode())

    async def _answer(self, send: Any, status: int, body: bytes) -> None:
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*OK, length]})
        await send({"type": "http.response.body", "body": body})

    async def _stream(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": OK})
        if scope["path"] == "/stream":
            await send({"type": "http.response.body", "body": b"one,", "more_body": True})
            await send({"type": "http.response.body", "body": b"two"})
            return
        gone = asyncio.ensure_future(receive())
        while not gone.done():
            await send({"type": "http.response.body", "body": PIECE, "more_body": True})
            await asyncio.sleep(0)
        self.cut.append("/endless")
