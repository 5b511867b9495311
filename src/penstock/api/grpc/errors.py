"""The status of a call that fails: the kind of the error as code, the rest as details of google.rpc.

Source: google/rpc/error_details.proto; AIP-193.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status

from penstock.kit.errors import REGISTRY, InternalError, Kind, PenstockError
from penstock.kit.http import Headers, error_headers

DOMAIN = "penstock"
CODES: dict[Kind, grpc.StatusCode] = {
    Kind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.UNAUTHENTICATED: grpc.StatusCode.UNAUTHENTICATED,
    Kind.FORBIDDEN: grpc.StatusCode.PERMISSION_DENIED,
    Kind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Kind.CONFLICT: grpc.StatusCode.ALREADY_EXISTS,
    Kind.PRECONDITION: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.EXHAUSTED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Kind.UNSUPPORTED: grpc.StatusCode.UNIMPLEMENTED,
    Kind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
    Kind.INTERNAL: grpc.StatusCode.INTERNAL,
}
"""The code of each kind of errors. Nothing else chooses a code."""
_RETRY_AFTER = b"retry-after"
_OF_HTTP = frozenset({b"www-authenticate", b"allow", b"content-type", b"content-length", b"x-request-id"})
Rename = Callable[[str], str]
"""The name that a field has in messages, from its name in JSON."""


class Unreadable(PenstockError):
    """The bytes of a message cannot be read as its type."""

    kind, code = Kind.INVALID, "grpc.unreadable"
    message = "the message is not a {name}"


class CallFailed(Exception):
    """A call ends with another status than OK. `trailers` are metadata at its end."""

    def __init__(self, code: grpc.StatusCode, message: str, details: list[Any], trailers: Headers) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.trailers = trailers

    @property
    def status(self) -> Status:
        """The status with its details."""
        packed = []
        for detail in self.details:
            one = AnyMessage()
            one.Pack(detail)
            packed.append(one)
        return Status(code=self.code.value[0], message=self.message, details=packed)


def failed(error: PenstockError, request_id: str, limited: Headers, rename: Rename = str) -> CallFailed:
    """The end of a call that failed with an error. `limited` has what is left of the caller's limits."""
    shown = {name: error.facts[name] for name in error.shown}
    fields = [one.as_dict() for one in error.errors]
    return _ended(error, error.detail, shown, fields, request_id, [*limited, *error_headers(error)], rename)


def failed_in_http(problem: dict[str, Any], headers: Headers) -> CallFailed:
    """The end of a call of an endpoint that answered in HTTP, with a problem document."""
    kind = REGISTRY.get(problem.get("code", ""), InternalError)
    shown = {name: problem[name] for name in kind.shown if name in problem}
    return _ended(kind, problem.get("detail", ""), shown, problem.get("errors", []), problem.get("request_id", ""), headers, str)


def _ended(
    error: PenstockError | type[PenstockError],
    detail: str,
    shown: dict[str, Any],
    fields: list[dict[str, str]],
    request_id: str,
    headers: Headers,
    rename: Rename,
) -> CallFailed:
    info = ErrorInfo(reason=error.code, domain=DOMAIN, metadata={name: str(value) for name, value in shown.items()})
    details: list[Any] = [info, RequestInfo(request_id=request_id)]
    if fields:
        violations = [
            BadRequest.FieldViolation(field=rename(one["field"]), description=one["detail"], reason=one["code"]) for one in fields
        ]
        details.append(BadRequest(field_violations=violations))
    details += [RetryInfo(retry_delay=Duration(seconds=int(value))) for name, value in headers if name == _RETRY_AFTER]
    return CallFailed(CODES[error.kind], detail, details, [one for one in headers if one[0] not in _OF_HTTP])
