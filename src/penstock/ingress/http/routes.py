"""Routes the hot paths around the framework: exact paths by dictionary, paths with a parameter by their ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from penstock.kit.http import App, Receive, Scope, Send, identifying
from penstock.kit.operation import Bound


class HotRoutes:
    """An ASGI application that handles the hot POSTs and passes everything else to the framework.

    The path of a hot POST has one parameter at most. `sockets` are WebSockets of devices, by path.
    """

    def __init__(self, rest: App, hot: Iterable[Bound], sockets: Mapping[str, App]) -> None:
        self._rest = rest
        self._sockets = sockets
        self._exact: dict[str, App] = {}
        self._with_ends: list[tuple[str, str, int, App]] = []
        for one in hot:
            path = one.operation.path
            begin, parameter, end = path.partition("{")
            if parameter:
                self._with_ends.append((begin, end.partition("}")[2], path.count("/"), one.handle))
            else:
                self._exact[path] = one.handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] in self._sockets:
            return await self._sockets[scope["path"]](scope, receive, identifying(scope, send))
        # A partly encoded path takes the slow route, which decodes it.
        if scope["type"] != "http" or scope["method"] != "POST" or b"%" in scope["raw_path"]:
            return await self._rest(scope, receive, send)
        path: str = scope["path"]
        handler = self._exact.get(path)
        if handler is None:
            handler = self._with_parameter(path)
        await handler(scope, receive, send)
        return None

    def _with_parameter(self, path: str) -> App:
        for begin, end, slashes, handler in self._with_ends:
            if path.startswith(begin) and path.endswith(end) and path.count("/") == slashes and len(path) > len(begin) + len(end):
                return handler
        return self._rest
