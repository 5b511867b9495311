"""Routes the hot paths around the framework: exact paths by dictionary, paths with a parameter by their ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from penstock.ingress.http.connections import ConnectionIngest
from penstock.ingress.http.telemetry import TelemetryIngest
from penstock.kit.http import Receive, Scope, Send

App = Callable[[Scope, Receive, Send], Awaitable[None]]
_DEVICE_PATH = "/api/v2/devices/"
_DEVICE_PATH_END = "/telemetry"
_CONNECTION_PATH = "/api/v2/ingest/"


class HotRoutes:
    """An ASGI application that handles POSTs of readings and passes everything else to the framework.

    `device_calls` are POSTs of dialects, `sockets` WebSockets of devices, both by path.
    """

    def __init__(
        self,
        rest: App,
        telemetry: TelemetryIngest,
        connections: ConnectionIngest,
        device_calls: Mapping[str, App] | None = None,
        sockets: Mapping[str, App] | None = None,
    ) -> None:
        self._rest = rest
        self._sockets = sockets or {}
        self._exact: dict[str, App] = {**(device_calls or {}), "/api/v2/telemetry": telemetry.many_devices}
        self._of_device = telemetry.one_device
        self._of_connection = connections.ingest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] in self._sockets:
            return await self._sockets[scope["path"]](scope, receive, send)
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
        if path.startswith(_CONNECTION_PATH):
            return self._of_connection if path.count("/") == 4 and len(path) > len(_CONNECTION_PATH) else self._rest
        of_device = path.endswith(_DEVICE_PATH_END) and path.startswith(_DEVICE_PATH) and path.count("/") == 5
        return self._of_device if of_device else self._rest
