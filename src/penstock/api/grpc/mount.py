"""The calls of gRPC on the port of HTTP, in front of the API like the console."""

from __future__ import annotations

from penstock.api.shared.later import Later
from penstock.kit.http import App, MethodNotAllowed, Receive, Scope, Send, identifying, send_problem
from penstock.kit.request_id import request_id_of

PREFIX = "/penstock.v1."
_METHODS = ("GET", "POST")


class WithConnect:
    """An ASGI application that serves the calls of gRPC below their paths, and everything else by the API."""

    def __init__(self, api: App, calls: Later[App]) -> None:
        self._api = api
        self._calls = calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX) or scope["method"] == "OPTIONS":
            return await self._api(scope, receive, send)
        if scope["method"] not in _METHODS:
            error = MethodNotAllowed(method=str(scope["method"])[:16], allow=", ".join(_METHODS))
            return await send_problem(send, error, request_id_of(scope))
        app = await self._calls.get()
        return await app(scope, receive, identifying(scope, send))
