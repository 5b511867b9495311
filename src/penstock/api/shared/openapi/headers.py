"""The headers of responses, as shared components."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec

from penstock.kit.operation import Operation

_COUNT = {"type": "integer", "minimum": 0}
_DESCRIPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "X-Request-Id": ("The id of the request. The server's log has it too.", {"type": "string"}),
    "X-RateLimit-Limit": ("The number of calls that are accepted per minute.", _COUNT),
    "X-RateLimit-Remaining": ("How many of them remain.", _COUNT),
    "X-RateLimit-Daily-Limit": ("The number of calls that are accepted per day.", _COUNT),
    "X-RateLimit-Daily-Remaining": ("How many of them remain.", _COUNT),
    "ETag": ("Names this version, for `If-None-Match` and `If-Match`.", {"type": "string"}),
    "Idempotent-Replayed": (
        "`true` if this is the stored response to an earlier request with the same `Idempotency-Key`.",
        {"type": "string", "enum": ["true"]},
    ),
    "X-Range-From": (
        "The start of the range that the file covers: later than requested if the plan keeps readings for a shorter time.",
        {"type": "string", "format": "date-time"},
    ),
    "X-Range-To": ("The end of the range that the file covers.", {"type": "string", "format": "date-time"}),
    "Retry-After": ("Seconds until the call can succeed.", _COUNT),
    "WWW-Authenticate": ("The accepted scheme.", {"type": "string"}),
}
COMPONENTS: dict[str, dict[str, Any]] = {
    name: {"description": description, "schema": schema} for name, (description, schema) in _DESCRIPTIONS.items()
}
_OF_STATUS = {
    HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate",),
    HTTPStatus.TOO_MANY_REQUESTS: ("Retry-After",),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After",),
}
_OF_FILE = ("X-Range-From", "X-Range-To")
_LIMITED = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Daily-Limit", "X-RateLimit-Daily-Remaining")


def headers_of(operation: Operation, *, tagged: bool) -> dict[str, Any]:
    """The headers of an operation's success. Each can be missing: a caller without a limit has no remaining calls."""
    limited = _LIMITED if operation.scope is not None else ()
    tag = ("ETag",) if tagged else ()
    repeated = ("Idempotent-Replayed",) if operation.idempotent else ()
    file = _OF_FILE if _covers_range(operation) else ()
    return _references(("X-Request-Id", *limited, *tag, *repeated, *file))


def _covers_range(operation: Operation) -> bool:
    """Whether the answer is a file of a range of time, which has no other place to say what it covers."""
    query = operation.query
    return (
        operation.media_type == "text/csv"
        and query is not None
        and any(field.encode_name == "from" for field in msgspec.structs.fields(query))
    )


def headers_of_error(status: int, *, limited: bool) -> dict[str, Any]:
    """The headers of an error. The limits are those of a known caller, so a 401 has none."""
    limits = _LIMITED if limited and status != HTTPStatus.UNAUTHORIZED else ()
    return _references(("X-Request-Id", *limits, *_OF_STATUS.get(HTTPStatus(status), ())))


def _references(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
