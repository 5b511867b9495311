"""The ASGI application over all operations: finds the operation for a path and executes it."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.api.shared.compression import compressing
from penstock.api.shared.executor import Executor
from penstock.api.shared.router import Match, Route, Router
from penstock.kit.http import App, Message, Receive, Scope, Send, identifying
from penstock.kit.operation import Bound, Operation

SWITCHING_PROTOCOLS = 101
_SERVER_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
"""The answer to `OPTIONS *`, which asks about the server as a whole (RFC 9110, 9.3.7)."""
_SOCKET_METHODS = "GET, HEAD, OPTIONS"
_ANY = "*"
"""The method key of a target that accepts every method, and WebSockets; it handles the whole call itself."""


class Application:
    """All operations by path.

    Most calls of the hot raw operations are handled in front of this application. They are registered here too, so that their
    paths are known (405 with the right Allow) and nothing depends on the short cut.
    """

    def __init__(self, executor: Executor, bound: Sequence[Bound], raw: Sequence[Bound]) -> None:
        self._executor = executor
        self._router: Router[App] = Router()
        for one in bound:
            self._router.add(one.operation.path, one.operation.method, self._carried_out(one))
        for one in raw:
            method = _ANY if one.operation.status == SWITCHING_PROTOCOLS else one.operation.method
            app = compressing(one.handle) if method == "GET" else one.handle
            self._router.add(one.operation.path, method, self._guarded(app, one.operation))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        found = self._router.find(scope["raw_path"])
        if scope["path"] == "*":
            target = self._executor.allows(_SERVER_METHODS)
        elif found is None:
            target = self._executor.no_route(scope)
        else:
            scope["path_params"] = found.values
            target = self._target(found, scope)
        await target(scope, receive, send)

    def routes(self) -> list[Route[App]]:
        """All paths, with their targets by method."""
        return list(self._router.routes())

    def _target(self, found: Match[App], scope: Scope) -> App:
        if _ANY in found.targets:
            return self._opened(found.targets[_ANY], scope)
        # Only targets registered for every method accept WebSockets, and they were returned above.
        if scope["type"] == "websocket":
            return self._executor.no_route(scope)
        target = found.targets.get(scope["method"])
        if target is not None:
            return target
        if scope["method"] == "HEAD" and "GET" in found.targets:
            return without_body(found.targets["GET"])
        # A 405 must list the allowed methods (RFC 9110, 15.5.6).
        allowed = ", ".join(sorted({"OPTIONS", *found.targets} | ({"HEAD"} if "GET" in found.targets else set())))
        if scope["method"] == "OPTIONS":
            return self._executor.allows(allowed)
        return self._executor.not_allowed(scope, allowed)

    def _opened(self, target: App, scope: Scope) -> App:
        """The target of a path that is opened as a WebSocket, and explains that to a GET."""
        if scope["type"] == "websocket" or scope["method"] == "GET":
            return target
        if scope["method"] == "HEAD":
            return without_body(target)
        if scope["method"] == "OPTIONS":
            return self._executor.allows(_SOCKET_METHODS)
        return self._executor.not_allowed(scope, _SOCKET_METHODS)

    def _carried_out(self, bound: Bound) -> App:
        async def handle(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                answer = await self._executor.execute(bound, scope, receive)
            except Exception as error:  # the edge: a bug is logged once and returned as a server error
                answer = self._executor.failed(scope, error, bound.operation)
            await answer(scope, receive, send)

        return handle

    def _guarded(self, app: App, operation: Operation) -> App:
        """Wrap a raw application, so that its bugs are answered like all others if no response has started."""

        async def handle(scope: Scope, receive: Receive, send: Send) -> None:
            started = False
            identified = identifying(scope, send)

            async def watched(message: Message) -> None:
                nonlocal started
                started = True
                await identified(message)

            try:
                await app(scope, receive, watched)
            except Exception as error:
                # A response that has started cannot be replaced by an error.
                if started or scope["type"] == "websocket":
                    raise
                await self._executor.failed(scope, error, operation)(scope, receive, send)

        return handle


def without_body(app: App) -> App:
    """The GET of a path as a HEAD: the same headers, and no body (RFC 9110, 9.3.2)."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def headed(message: Message) -> None:
            nonlocal begun
            if not begun:
                begun = True
                await send(message)
                await send({"type": "http.response.body", "body": b""})

        async def gone() -> Message:
            # An endless response ends when its reader leaves, and this reader has all that it asked for.
            return {"type": "http.disconnect"} if begun else await receive()

        await app(scope, gone, headed)

    return handle


async def _live(receive: Receive, send: Send) -> None:
    """Answers the lifespan protocol, which the server requires. Nothing is opened or closed here."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
