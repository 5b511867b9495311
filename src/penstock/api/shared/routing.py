"""Operations on Litestar: one handler per operation, admission before everything, errors in the surface's own shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import structlog
from litestar import Litestar, Request, Response, asgi
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.handlers import ASGIRouteHandler, HTTPRouteHandler
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp

from penstock.api.shared.admission import Admission
from penstock.api.shared.call import Answer, Call, Stream
from penstock.api.shared.paths import SentPaths, path_values
from penstock.core.usage.service import CallCounter
from penstock.kit.decoding import decode_body, decode_query
from penstock.kit.errors import InternalError, InvalidInput, PenstockError
from penstock.kit.http import (
    BodyBudget,
    ClientGone,
    Headers,
    MethodNotAllowed,
    Receive,
    RouteNotFound,
    Scope,
    check_json_type,
    error_headers,
    problem,
    read_body,
    status_of,
)
from penstock.kit.operation import Bound, Operation
from penstock.kit.request_id import new_request_id

_log = structlog.get_logger()
SWITCHING_PROTOCOLS = 101
NO_STORE = (b"cache-control", b"no-store")
"""Answers show credentials once and belong to one caller: no cache on the way or in a browser may keep them."""
ErrorBody = Callable[[PenstockError, str], Any]
"""How a surface words an error: (error, request id) → what to encode."""


def encode_json(value: Any) -> bytes:
    """A value as compact JSON; None is an empty body."""
    return b"" if value is None else msgspec.json.encode(value)


class SurfaceRules(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between surfaces at the border. `headers` stand on every answer; `encode` writes answers and errors.

    `id_headers` are the names under which the request id stands.
    """

    surface: str
    path_prefix: str
    error_body: ErrorBody = problem
    error_type: str = "application/problem+json"
    organization_required: bool = False
    headers: tuple[tuple[bytes, bytes], ...] = (NO_STORE,)
    encode: Callable[[Any], bytes] = encode_json
    id_headers: tuple[bytes, ...] = (b"x-request-id",)

    def named(self, request_id: str) -> Headers:
        """The headers that hold the request id."""
        return [(name, request_id.encode()) for name in self.id_headers]


class Door:
    """Carries out operations: admit, decode, call, encode."""

    def __init__(self, admission: Admission, rules: Sequence[SurfaceRules], budget: BodyBudget, calls: CallCounter) -> None:
        self._admission = admission
        self._rules = {rule.surface: rule for rule in rules}
        # The longest prefix first, so that /v1.0 is not taken for /v1.
        self._by_prefix = sorted(rules, key=lambda rule: len(rule.path_prefix), reverse=True)
        self._budget = budget
        self._calls = calls

    def handler(self, bound: Bound) -> HTTPRouteHandler:
        """The Litestar handler of an operation."""

        async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
            return await self.carry_out(bound, request.scope, request.receive)  # type: ignore[arg-type]

        return _route(bound.operation)(handle)

    async def carry_out(self, bound: Bound, scope: Scope, receive: Receive) -> ASGIApp:
        """The answer to one call, whatever happens."""
        operation = bound.operation
        request_id = new_request_id()
        limited: Headers = []
        try:
            call = await self._call(operation, scope, receive, limited)
            answer = await bound.handle(call)
        except PenstockError as error:
            # The operation and not the path as sent, which may hold what does not belong there.
            _log.debug("call_refused", request_id=request_id, operation=operation.id, code=error.code)
            return self.refusal(error, self._rules[operation.surface], request_id, limited)
        except ClientGone:
            return _nothing
        if isinstance(answer, Stream):
            return _streaming(answer)  # which writes headers of its own
        if not isinstance(answer, Answer):
            answer = Answer(body=answer)
        rule = self._rules[operation.surface]
        body = answer.body if isinstance(answer.body, bytes) else rule.encode(answer.body)
        headers = [*rule.named(request_id), *limited, *rule.headers, *answer.headers]
        return _Raw(answer.status or operation.status, body, operation.media_type.encode(), headers)

    async def _call(self, operation: Operation, scope: Scope, receive: Receive, limited: Headers) -> Call[Any, Any]:
        """Decode a call. What is left of its limits goes into `limited`, also when it is then refused."""
        rule = self._rules[operation.surface]
        actor = await self._admission.admit(operation, scope, limited, organization_required=rule.organization_required)
        query = decode_query(scope["query_string"], operation.query) if operation.query else None
        raw = b""
        body = None
        if operation.body is not None:
            check_json_type(scope, *(name.encode() for name in operation.body_types))
            raw = await read_body(scope, receive, operation.max_body_bytes, self._budget)
            body = decode_body(raw, operation.body)
        if operation.scope is not None:
            self._calls.count(actor, len(raw))
        return Call(actor=actor, path=path_values(operation.path, scope), query=query, body=body, raw=raw, scope=scope)

    def refusal(self, error: PenstockError, rule: SurfaceRules, request_id: str, limited: Headers) -> ASGIApp:
        """An error in the shape of a surface."""
        body = rule.encode(rule.error_body(error, request_id))
        headers = [*rule.named(request_id), *limited, *rule.headers, *error_headers(error)]
        return _Raw(status_of(error), body, rule.error_type.encode(), headers)

    def no_route(self, scope: Scope) -> ASGIApp:
        """The answer to a path that nothing has."""
        if scope["type"] == "websocket":
            return _no_websocket
        return self.refusal(RouteNotFound(), self._rule_for(scope["path"]), new_request_id(), [])

    def on_exception(self, request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        """What Litestar raises itself (no such path, wrong method), and bugs of ours."""
        rule = self._rule_for(request.scope["path"])
        request_id = new_request_id()
        wanted: PenstockError
        if isinstance(error, NotFoundException):
            wanted = RouteNotFound()
        elif isinstance(error, MethodNotAllowedException):
            wanted = MethodNotAllowed(method=str(request.scope["method"])[:16], allow=(error.headers or {}).get("allow", ""))
        elif isinstance(error, HTTPException) and error.status_code < 500:
            wanted = InvalidInput.field("", str(error.detail)[:200])
        else:
            _log.error("request_failed", request_id=request_id, path=request.scope["path"], exc_info=error)
            wanted = InternalError()
        headers = {key.decode(): value.decode() for key, value in error_headers(wanted)}
        return Response(
            rule.encode(rule.error_body(wanted, request_id)),
            status_code=status_of(wanted),
            media_type=rule.error_type,
            headers={"x-request-id": request_id, **headers},
        )

    def _rule_for(self, path: str) -> SurfaceRules:
        return next(rule for rule in self._by_prefix if path.startswith(rule.path_prefix))


class _Raw(ASGIResponse):
    """An answer that is encoded already: nothing left for the framework to do."""

    def __init__(self, status: int, body: bytes, media_type: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        self._start = {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-type", media_type), (b"content-length", b"%d" % len(body)), *headers],
        }
        if status == 204:
            self._start["headers"] = headers
        self._body = {"type": "http.response.body", "body": body}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send(self._start)
        await send(self._body)


def _streaming(answer: Stream) -> ASGIApp:
    async def write(scope: Any, receive: Any, send: Any) -> None:
        await answer.write(send)

    return write


async def _no_websocket(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.close"})


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """The client is gone."""


def _route(operation: Operation) -> HTTPRouteHandler:
    method: Any = operation.method
    # The status here is never used, as the handler returns a whole response; 204 would make Litestar refuse it.
    return HTTPRouteHandler(_path(operation), http_method=method, opt={"operation": operation}, status_code=200)


def _options_routes(operations: Iterable[Operation]) -> list[HTTPRouteHandler]:
    """What each path answers to OPTIONS. The framework's own answer names only the method that was added first."""
    methods: dict[str, set[bytes]] = {}
    for operation in operations:
        if operation.status != SWITCHING_PROTOCOLS:
            methods.setdefault(_path(operation), {b"OPTIONS"}).add(operation.method.encode())
    return [_options_route(path, b", ".join(sorted(allowed))) for path, allowed in methods.items()]


def _options_route(path: str, allowed: bytes) -> HTTPRouteHandler:
    async def handle() -> ASGIApp:
        return _Raw(204, b"", b"", [(b"allow", allowed)])

    return HTTPRouteHandler(path, http_method="OPTIONS", status_code=200)(handle)


def _path(operation: Operation) -> str:
    return "/".join(_path_part(part) for part in operation.path.split("/"))


def _path_part(part: str) -> str:
    return part.replace("}", ":str}") if part.startswith("{") and ":" not in part else part


def _raw_operation(bound: Bound) -> HTTPRouteHandler | ASGIRouteHandler:
    """The Litestar handler of an operation that is an ASGI application itself."""
    if bound.operation.status == SWITCHING_PROTOCOLS:
        return asgi(bound.operation.path, copy_scope=True)(bound.handle)

    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        app: ASGIApp = bound.handle
        return app

    return _route(bound.operation)(handle)


class _Application(Litestar):
    """The framework's application, which is asked only for paths that it would not tidy up."""

    def __init__(self, door: Door, paths: SentPaths, **options: Any) -> None:
        super().__init__(**options)
        self._door = door
        self._paths = paths

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan" or self._paths.are_plain(scope["raw_path"]):
            await super().__call__(scope, receive, send)
        else:
            await self._door.no_route(scope)(scope, receive, send)


def build_app(door: Door, bound: Sequence[Bound], raw: Sequence[Bound], **options: Any) -> Litestar:
    """The application over all operations.

    The hot ones among the raw are mostly taken before the framework sees them; they are routed here too, so that their paths
    are known to it (405 with the right Allow) and nothing depends on the short cut.
    """
    return _Application(
        door,
        SentPaths(one.operation.path for one in [*bound, *raw]),
        route_handlers=[
            *_options_routes(one.operation for one in [*bound, *raw]),  # first, or the framework makes its own
            *(door.handler(one) for one in bound),
            *(_raw_operation(one) for one in raw),
        ],
        exception_handlers={Exception: door.on_exception},
        openapi_config=None,
        logging_config=None,
        debug=False,
        **options,
    )
