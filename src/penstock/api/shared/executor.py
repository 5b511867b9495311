"""Executes an operation: admission first, then decode, call, encode; errors in the surface's own shape."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, cast

import msgspec
import structlog

from penstock.api.shared.admission import Admission
from penstock.api.shared.call import Answer, Call, Stream
from penstock.api.shared.compression import MIN_BYTES, VARY, accepts_gzip, compressed, compressed_headers, compressing, shrinks
from penstock.api.shared.conditions import etag_of, is_unchanged
from penstock.api.shared.handling import Handling
from penstock.api.shared.inside import is_inside
from penstock.api.shared.surface import SurfaceRules
from penstock.core.usage.service import CallCounter
from penstock.kit.decoding import NoQuery, decode_body, decode_query
from penstock.kit.errors import InternalError, PenstockError
from penstock.kit.http import (
    JSON_TYPE,
    App,
    BodyBudget,
    ClientGone,
    Headers,
    Message,
    MethodNotAllowed,
    Receive,
    RouteNotFound,
    Scope,
    Send,
    check_json_type,
    error_headers,
    has_body,
    read_body,
    refuse_websocket,
    status_of,
    until_gone,
)
from penstock.kit.operation import Bound, Operation
from penstock.kit.request_id import request_id_of

_log = structlog.get_logger()


class Executor:
    """Executes operations: admit, decode, call, encode."""

    def __init__(
        self,
        admission: Admission,
        rules: Sequence[SurfaceRules],
        budget: BodyBudget,
        calls: CallCounter,
        handling: Handling,
    ) -> None:
        self._admission = admission
        self._rules = {rule.surface: rule for rule in rules}
        # The longest prefix first, so that /v1.0 is not mistaken for /v1.
        self._by_prefix = sorted(rules, key=lambda rule: len(rule.path_prefix), reverse=True)
        self._budget = budget
        self._calls = calls
        self._handling = handling

    async def execute(self, bound: Bound, scope: Scope, receive: Receive) -> App:
        """Execute one call and return its response, also if it fails."""
        operation = bound.operation
        rule = self._rules[operation.surface]
        request_id = request_id_of(scope)
        limited: Headers = []
        try:
            answer = await self.answer(bound, scope, receive, limited)
        except PenstockError as error:
            # The operation's path and not the path as sent, which can contain secrets.
            _log.debug("call_refused", request_id=request_id, operation=operation.id, code=error.code)
            return self.refusal(error, rule, request_id, limited)
        except ClientGone:
            return _nothing  # there is no one to receive a response
        common = [*rule.named(request_id), *limited]
        if isinstance(answer, Stream):
            return _streaming(answer, common)
        status, body = answer.status or operation.status, answer.body or b""
        headers = [*common, *rule.headers, *answer.headers]
        if status == HTTPStatus.OK and self._handling.has_tag(operation):
            tag = etag_of(body)
            headers.append((b"etag", tag.encode()))
            if operation.method == "GET" and is_unchanged(scope, tag):
                status, body = HTTPStatus.NOT_MODIFIED, b""
        return FullResponse(status, body, operation.media_type.encode(), headers)

    async def answer(self, bound: Bound, scope: Scope, receive: Receive, limited: Headers) -> Stream | Answer[bytes]:
        """Execute one call, for a protocol with errors of its own. The caller's remaining limits are added to `limited`.

        Raises:
            PenstockError: the call was rejected, or failed.
            ClientGone: the client disconnected.
        """
        call = await self._call(bound.operation, scope, receive, limited)
        return await self._handling.answer(bound, call)

    async def _call(self, operation: Operation, scope: Scope, receive: Receive, limited: Headers) -> Call[Any, Any]:
        """Decode a call. The caller's remaining limits are added to `limited`, also if the call is then rejected."""
        rule = self._rules[operation.surface]
        # Before the body is read: a caller without a valid credential cannot make the server receive and parse one.
        actor = await self._admission.admit(
            operation, scope, limited, rule.find_key(scope), organization_required=rule.organization_required
        )
        query = decode_query(scope["query_string"], operation.query) if operation.query else None
        if query is None and rule.strict_query and scope["query_string"]:
            decode_query(scope["query_string"], NoQuery)
        raw, body = await self._body(operation, scope, receive)
        # Public calls have no organisation whose usage they could count towards.
        if operation.scope is not None and not is_inside(scope):
            self._calls.count(actor, len(raw))
        gone = partial(until_gone, receive)
        return Call(actor=actor, path=scope["path_params"], query=query, body=body, raw=raw, scope=scope, gone=gone)

    async def _body(self, operation: Operation, scope: Scope, receive: Receive) -> tuple[bytes, Any]:
        """The body as it was sent, and decoded; None if the operation has none."""
        if operation.body is None:
            return b"", None
        if operation.body_optional and not has_body(scope):
            return b"", decode_body(b"{}", operation.body)
        media_type = check_json_type(scope, *(name.encode() for name in operation.body_types))
        raw = await read_body(scope, receive, operation.max_body_bytes, self._budget)
        if media_type != JSON_TYPE:
            return raw, cast("type[msgspec.Struct]", operation.body)(raw)
        return raw, decode_body(raw or b"{}" if operation.body_optional else raw, operation.body)

    def refusal(self, error: PenstockError, rule: SurfaceRules, request_id: str, limited: Headers) -> App:
        """An error in the shape of a surface."""
        body = rule.encode(rule.error_body(error, request_id))
        headers = [*rule.named(request_id), *limited, *rule.headers, *error_headers(error)]
        return FullResponse(status_of(error), body, rule.error_type.encode(), headers)

    def no_route(self, scope: Scope) -> App:
        """The response for an unknown path."""
        if scope["type"] == "websocket":
            return self._no_websocket
        return self._refused(RouteNotFound())

    @staticmethod
    async def _no_websocket(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        await refuse_websocket(scope, send, RouteNotFound(), request_id_of(scope), 4404)

    def not_allowed(self, scope: Scope, allowed: str) -> App:
        """The response for a method that the path does not have."""
        return self._refused(MethodNotAllowed(method=str(scope["method"])[:16], allow=allowed))

    def _refused(self, error: PenstockError) -> App:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            rule = self._rule_for(scope["path"])
            limited = await self._admission.remaining(scope, rule.surface)
            await self.refusal(error, rule, request_id_of(scope), limited)(scope, receive, send)

        return answer

    def allows(self, allowed: str) -> App:
        """The response to OPTIONS."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            rule = self._rule_for(scope["path"])
            limited = await self._admission.remaining(scope, rule.surface)
            headers = [*rule.named(request_id_of(scope)), *limited, (b"allow", allowed.encode())]
            await FullResponse(HTTPStatus.NO_CONTENT, b"", b"", headers)(scope, receive, send)

        return answer

    def failed(self, scope: Scope, error: Exception, operation: Operation) -> App:
        """The response for a call that failed because of a bug in Penstock."""
        request_id = request_id_of(scope)
        # The operation's path, as above.
        _log.error("request_failed", request_id=request_id, path=operation.path, exc_info=error)
        return self.refusal(InternalError(), self._rule_for(scope["path"]), request_id, [])

    def _rule_for(self, path: str) -> SurfaceRules:
        # The prefix of the last surface, `system`, is `/`. Only the target of `OPTIONS *` does not start with it.
        return next((rule for rule in self._by_prefix if path.startswith(rule.path_prefix)), self._by_prefix[-1])


class FullResponse:
    """A complete response, encoded."""

    def __init__(self, status: int, body: bytes, media_type: bytes, headers: Headers) -> None:
        self._status = status
        self._body = body
        self._headers: Headers = headers
        # A 204 and a 304 have no content, so nothing is said about it (RFC 9110, 8.6 and 15.4.5).
        self._empty = status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        self._shrinks = len(body) >= MIN_BYTES and shrinks(media_type)
        if not self._empty:
            self._headers = [(b"content-type", media_type), *headers]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, body = self._headers, self._body
        if self._shrinks:
            headers = [*headers, VARY]
            if accepts_gzip(scope):
                headers, body = compressed_headers(headers), await compressed(body)
        if not self._empty:
            headers = [*headers, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class _HeadIsSent(Exception):
    """A HEAD has its response, so nothing more needs to be read from the disk."""


def _streaming(answer: Stream, common: Headers) -> App:
    async def write(scope: Scope, receive: Receive, send: Send) -> None:
        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *common]}
            elif scope["method"] == "HEAD":
                raise _HeadIsSent
            await send(message)

        with contextlib.suppress(_HeadIsSent):
            await answer.write(complete)

    return compressing(write)


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """The client has disconnected."""
