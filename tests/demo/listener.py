"""A server that hears what devices post: it answers as it is told to and writes everything down."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

Answer = Callable[[str, int], tuple[int, dict[str, str]]]
"""What to say to a device's n-th post: status and headers."""


class Server:
    """An ASGI app that answers as told and keeps every request with the time it came."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.heard: list[tuple[float, dict[str, str], dict[str, Any]]] = []
        self.paths: set[tuple[str, str]] = set()
        self.under_way = self.most_under_way = 0
        self.url = ""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            body, more = b"", True
            while more:
                part = await receive()
                body, more = body + part.get("body", b""), part.get("more_body", False)
            message = {"device_id": scope["path"].split("/")[4]} | json.loads(body)
            self.paths.add((scope["method"], scope["path"]))
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            self.heard.append((asyncio.get_running_loop().time(), headers, message))
            status, extra = self.answer(message["device_id"], len(self.of(message["device_id"])))
            raw = [(name.encode(), value.encode()) for name, value in extra.items()]
            await asyncio.sleep(0.002)
            await send({"type": "http.response.start", "status": status, "headers": raw})
            await send({"type": "http.response.body", "body": b'{"success": true}'})
        finally:
            self.under_way -= 1

    def of(self, device_id: str) -> list[dict[str, Any]]:
        return [message for _, _, message in self.heard if message["device_id"] == device_id]

    def times(self, device_id: str) -> list[float]:
        return [at for at, _, message in self.heard if message["device_id"] == device_id]


@asynccontextmanager
async def serving(answer: Answer, port: int = 0) -> AsyncIterator[Server]:
    app = Server(answer)
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is: 40 ms a post otherwise.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        app.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield app
        finally:
            server.should_exit = True
            await task
