"""Errors in Kaito's format: `{"error": {"code", "message"}}`."""

from __future__ import annotations

from penstock.api.dialects.kaito.wire import Error, Problem
from penstock.api.shared.error_text import fields_of
from penstock.kit.errors import Kind, PenstockError

_CODES = {
    "auth.scope_missing": "insufficient_scope",
    "auth.address_not_allowed": "ip_not_allowed",
    "tokens.code_consumed": "code_consumed",
    "request.route_not_found": "not_found",
    "request.method_not_allowed": "method_not_allowed",
}
_KINDS = {
    Kind.UNAUTHENTICATED: "unauthenticated",
    Kind.FORBIDDEN: "forbidden",
    Kind.NOT_FOUND: "not_found",
    Kind.CONFLICT: "conflict",
    Kind.EXHAUSTED: "rate_limited",
    Kind.UNAVAILABLE: "unavailable",
    Kind.INTERNAL: "internal",
}


def error_body(error: PenstockError, request_id: str) -> Error:
    """An error in the vendor's format. The request id goes into a header."""
    code = _CODES.get(error.code)
    if error.code == "auth.key_not_active" and error.facts.get("status") == "expired":
        code = "key_expired"
    return Error(Problem(code or _KINDS.get(error.kind, "invalid_request"), fields_of(error)))
