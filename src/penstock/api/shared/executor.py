"""Executes an operation: admission first, then decode, call, encode; errors in the surface's own shape."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog

from penstock.api.shared.admission import Admission
from penstock.api.shared.call import Answer, Call, Stream
from penstock.api.shared.surface import SurfaceRules
from penstock.core.usage.service import CallCounter
from penstock.kit.decoding import NoQuery, decode_body, decode_query
from penstock.kit.errors import InternalError, PenstockError
from penstock.kit.http import (
    App,
    BodyBudget,
    ClientGone,
    Headers,
    MethodNotAllowed,
    Receive,
    RouteNotFound,
    Scope,
    Send,
    check_json_type,
    error_headers,
    read_body,
    status_of,
)
from penstock.kit.operation import Bound, Operation
from penstock.kit.request_id import new_request_id

_log = structlog.get_logger()


class Executor:
    """Executes operations: admit, decode, call, encode."""

    def __init__(self, admission: Admission, rules: Sequence[SurfaceRules], budget: BodyBudget, calls: CallCounter) -> None:
        self._admission = admission
        self._rules = {rule.surface: rule for rule in rules}
        # The longest prefix first, so that /v1.0 is not mistaken for /v1.
        self._by_prefix = sorted(rules, key=lambda rule: len(rule.path_prefix), reverse=True)
        self._budget = budget
        self._calls = calls

    async def execute(self, bound: Bound, scope: Scope, receive: Receive) -> App:
        """Execute one call and return its response, also if it fails."""
        operation = bound.operation
        request_id = new_request_id()
        limited: Headers = []
        try:
            call = await self._call(operation, scope, receive, limited)
            answer = await bound.handle(call)
        except PenstockError as error:
            # The operation's path and not the path as sent, which can contain secrets.
            _log.debug("call_refused", request_id=request_id, operation=operation.id, code=error.code)
            return self.refusal(error, self._rules[operation.surface], request_id, limited)
        except ClientGone:
            return _nothing  # there is no one to receive a response
        if isinstance(answer, Stream):
            return _streaming(answer)  # which writes its own headers
        if not isinstance(answer, Answer):
            answer = Answer(body=answer)
        rule = self._rules[operation.surface]
        body = answer.body if isinstance(answer.body, bytes) else rule.encode(answer.body)
        headers = [*rule.named(request_id), *limited, *rule.headers, *answer.headers]
        return FullResponse(answer.status or operation.status, body, operation.media_type.encode(), headers)

    async def _call(self, operation: Operation, scope: Scope, receive: Receive, limited: Headers) -> Call[Any, Any]:
        """Decode a call. The caller's remaining limits are added to `limited`, also if the call is then rejected."""
        rule = self._rules[operation.surface]
        # Before the body is read: a caller without a valid credential cannot make the server receive and parse one.
        actor = await self._admission.admit(operation, scope, limited, organization_required=rule.organization_required)
        query = decode_query(scope["query_string"], operation.query) if operation.query else None
        if query is None and rule.strict_query and scope["query_string"]:
            decode_query(scope["query_string"], NoQuery)
        raw = b""
        body: Any = None
        if operation.body is not None:
            check_json_type(scope, *(name.encode() for name in operation.body_types))
            raw = await read_body(scope, receive, operation.max_body_bytes, self._budget)
            body = decode_body(raw, operation.body)
        # Public calls have no organisation whose usage they could count towards.
        if operation.scope is not None:
            self._calls.count(actor, len(raw))
        return Call(actor=actor, path=scope["path_params"], query=query, body=body, raw=raw, scope=scope)

    def refusal(self, error: PenstockError, rule: SurfaceRules, request_id: str, limited: Headers) -> App:
        """An error in the shape of a surface."""
        body = rule.encode(rule.error_body(error, request_id))
        headers = [*rule.named(request_id), *limited, *rule.headers, *error_headers(error)]
        return FullResponse(status_of(error), body, rule.error_type.encode(), headers)

    def no_route(self, scope: Scope) -> App:
        """The response for an unknown path."""
        if scope["type"] == "websocket":
            return _no_websocket
        return self.refusal(RouteNotFound(), self._rule_for(scope["path"]), new_request_id(), [])

    def not_allowed(self, scope: Scope, allowed: str) -> App:
        """The response for a method that the path does not have."""
        error = MethodNotAllowed(method=str(scope["method"])[:16], allow=allowed)
        return self.refusal(error, self._rule_for(scope["path"]), new_request_id(), [])

    def failed(self, scope: Scope, error: Exception) -> App:
        """The response for a call that failed because of a bug in Penstock."""
        request_id = new_request_id()
        _log.error("request_failed", request_id=request_id, path=scope["path"], exc_info=error)
        return self.refusal(InternalError(), self._rule_for(scope["path"]), request_id, [])

    def _rule_for(self, path: str) -> SurfaceRules:
        # Always found: the prefix of the surface `system` is `/`.
        return next(rule for rule in self._by_prefix if path.startswith(rule.path_prefix))


class FullResponse:
    """A complete response, encoded."""

    def __init__(self, status: int, body: bytes, media_type: bytes, headers: Headers) -> None:
        self._start = {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-type", media_type), (b"content-length", b"%d" % len(body)), *headers],
        }
        # A 204 must not have a Content-Length (RFC 9110, 8.6).
        if status == HTTPStatus.NO_CONTENT:
            self._start["headers"] = headers
        self._body = {"type": "http.response.body", "body": body}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(self._start)
        await send(self._body)


def _streaming(answer: Stream) -> App:
    async def write(scope: Scope, receive: Receive, send: Send) -> None:
        await answer.write(send)

    return write


async def _no_websocket(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.close"})


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """The client has disconnected."""
