"""The output of an operation: its success, and its possible errors in its surface's shape."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec

from penstock.api.shared.openapi import words
from penstock.api.shared.openapi.files import file_content, is_binary, other_contents
from penstock.api.shared.openapi.headers import headers_of, headers_of_error
from penstock.api.shared.openapi.problems import error_codes, problem_schema
from penstock.api.shared.openapi.schemas import Schema, Schemas, prefix_of
from penstock.api.shared.surface import SurfaceRules
from penstock.core.actor import ScopeMissing
from penstock.core.devices.errors import DeviceNotFound, IdentifierTaken
from penstock.core.idempotency import IdempotencyMismatch
from penstock.core.limits.errors import LimitExceeded
from penstock.core.telemetry.errors import LogFull
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.kit.errors import InvalidInput, PenstockError
from penstock.kit.http import MediaTypeUnsupported, PreconditionFailed, problem, status_of
from penstock.kit.inflate import BodyTooLarge
from penstock.kit.operation import Operation

PUBLIC = "system"
"""The surface whose operations require no credential, so that there are no limits to tell."""
_INGEST_SCOPE = "telemetry:write"
_REQUEST_ID = "0c2k9fq7w3m1x"
_EXAMPLES: tuple[PenstockError, ...] = (
    InvalidInput.field("limit", "must be between 1 and 1000"),
    CredentialInvalid(),
    ScopeMissing(scope="devices:write"),
    DeviceNotFound(device_id="dev_0c2k9fq7w3m1x"),
    IdentifierTaken(kind="eui", value="70b3d57ed0061f2a"),
    PreconditionFailed(header="If-Match"),
    BodyTooLarge(limit=1_048_576),
    MediaTypeUnsupported(expected="application/json"),
    IdempotencyMismatch(),
    LimitExceeded(
        limit="plan_minute", scope="account", count=60, noun="calls", window="minute", remaining=0, reset_s=42, retry_after_s=7
    ),
    LogFull(),
)
"""One error per status, as the server returns it."""

_OTHER: dict[str, dict[int, str]] = {
    "post_api_v2_devices_device_id_telemetry": {
        200: "The reading was already delivered; it is stored once.",
        207: "Some rows were rejected, each listed in `errors`; the others are stored.",
    },
    "post_api_v2_telemetry": {207: "Some rows were rejected, each listed in `errors`; the others are stored."},
    "post_api_v2_devices_bulk": {207: "Some devices were rejected, each listed in `errors`; the others are created."},
    "get_ready": {503: "A part of the server is not ready; `checks` names it."},
    "get_api_v2_inbox_messages_next": {204: "No message arrived in time."},
    "get_v1_sms_next": {204: "No SMS arrived in time."},
}
"""Responses of the same shape with another status, by operation; 204 has no content."""


def other_answers(operation: Operation, done: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The responses with other statuses than that of a success `done`: the same response, and for 204 no content."""
    empty = {name: part for name, part in done.items() if name != "content"}
    return {
        str(status): (empty if status == HTTPStatus.NO_CONTENT else done) | {"description": text}
        for status, text in _OTHER.get(operation.id, {}).items()
    }


def success(operation: Operation, schemas: Schemas, prefix: str, *, tagged: bool) -> dict[str, Any]:
    """The content of a success; none for 204."""
    response: dict[str, Any] = {
        "description": HTTPStatus(operation.status).phrase,
        "headers": headers_of(operation, tagged=tagged),
    }
    if operation.status != HTTPStatus.NO_CONTENT and operation.answer is not None:
        content = {"schema": schemas.for_type(operation.answer, prefix), "example": operation.example.answer}
        if is_binary(operation.media_type):
            content = file_content(operation.media_type)
        response["content"] = {operation.media_type: content} | other_contents(operation)
    return response


def refusals(operation: Operation, *, organization_required: bool) -> list[int]:
    """The statuses of the errors that an operation can return."""
    secured = operation.scope is not None or operation.device_token
    reads_body = operation.body is not None
    proves = secured or reads_body  # a public operation reads its credential from the body
    changes = operation.method != "GET" and operation.scope not in (None, _INGEST_SCOPE)
    opens = operation.method != "GET" and not secured
    streams = operation.media_type == "text/event-stream" or operation.status == HTTPStatus.SWITCHING_PROTOCOLS
    possible = {
        400: reads_body or operation.query is not None or (secured and organization_required),
        401: proves,
        403: proves,
        404: "{" in operation.path or (changes and reads_body) or streams,
        409: (changes or opens) and reads_body,
        412: "If-Match" in operation.headers,
        413: reads_body,
        415: reads_body,
        422: "Idempotency-Key" in operation.headers,
        429: proves or opens,
        503: operation.method != "GET" or streams,
    }
    return [status for status, can in possible.items() if can or status in operation.refuses]


def error_responses(rule: SurfaceRules, schemas: Schemas) -> dict[str, dict[str, Any]]:
    """The errors of a surface as shared components, by name."""
    shape = _error_schema(rule, schemas)
    out = {}
    for error in _EXAMPLES:
        status = status_of(error)
        body = msgspec.to_builtins(rule.error_body(error, _REQUEST_ID))
        content = {rule.error_type: {"schema": shape, "example": body}}
        out[error_name(rule.surface, status)] = {
            "description": words.ERRORS[status],
            "headers": headers_of_error(status, limited=rule.surface != PUBLIC),
            "content": content,
            **({"x-penstock-codes": error_codes(status)} if rule.error_body is problem else {}),
        }
    return out


def error_name(surface: str, status: int) -> str:
    """The name of a surface's shared error response."""
    return f"{surface}_{status}"


def _error_schema(rule: SurfaceRules, schemas: Schemas) -> Schema:
    if rule.error_body is problem:
        return problem_schema(schemas)
    # The type of a dialect's error body is known only from an error that it has formatted.
    body = rule.error_body(InvalidInput(reason=""), "")
    return schemas.for_type(type(body), prefix_of(rule.surface))
