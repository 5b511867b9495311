"""Errors in Iottly's format: `{"error": "<text>"}`, and the two that only Iottly has."""

from __future__ import annotations

from penstock.api.dialects.iottly.wire import Error
from penstock.api.shared.error_text import sentence_of
from penstock.kit.errors import Kind, PenstockError

_TEXTS = {
    "auth.credential_missing": "Missing API key",
    "auth.credential_invalid": "Invalid API key",
    "auth.key_not_active": "Invalid API key",
    "request.route_not_found": "Not found",
    "request.method_not_allowed": "Method not allowed",
}


class NotPermitted(PenstockError):
    """The key cannot access the project or device: it belongs to another organisation, or does not exist."""

    kind, code = Kind.FORBIDDEN, "iottly.not_permitted"
    message = "no permission for the specified project or device"


class NoMessages(PenstockError):
    """No message matches, or the page is after the last one."""

    kind, code = Kind.NOT_FOUND, "iottly.no_messages"
    message = "no message matches the filter"


def error_body(error: PenstockError, request_id: str) -> Error:
    """An error in the vendor's format, which has no request id; that goes into a header."""
    return Error(_TEXTS.get(error.code) or sentence_of(error))
