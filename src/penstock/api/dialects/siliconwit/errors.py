"""Errors in SiliconWit's format: `{"error": "<text>"}`. The statuses are those of the kinds, which are the vendor's too."""

from __future__ import annotations

from penstock.api.dialects.siliconwit.wire import Error
from penstock.api.shared.error_text import sentence_of
from penstock.kit.errors import PenstockError

_TEXTS = {
    "devices.not_found": "Device not found",
    "alerts.not_found": "Alert not found",
    "auth.credential_missing": "Missing API key",
    "auth.credential_invalid": "Invalid API key",
    "auth.key_not_active": "Invalid API key",
    "organizations.suspended": "Account suspended",
    "request.route_not_found": "Not found",
    "request.method_not_allowed": "Method not allowed",
}


def error_body(error: PenstockError, request_id: str) -> Error:
    """An error in the vendor's format, which has no request id; that goes into a header."""
    return Error(_TEXTS.get(error.code) or sentence_of(error))
