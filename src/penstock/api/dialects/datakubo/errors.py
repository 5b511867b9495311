"""Errors in DataKubo's format: `{"status", "error_code", "message", "details"}`.

Source: the vendor's page "API Reference", Error format and Error codes. It lists five codes; the others here are Penstock's, for
cases that the page does not mention.
"""

from __future__ import annotations

from penstock.api.dialects.datakubo.wire import Error
from penstock.kit.errors import Kind, PenstockError

_CODES = {
    "devices.not_found": "DEVICE_NOT_FOUND",
    "devices.identifier_taken": "DEVICE_ALREADY_EXISTS",
    "devices.paused": "DEVICE_INACTIVE",
    "customers.not_found": "CUSTOMER_NOT_FOUND",
    "customers.tenant_name_taken": "TENANT_NAME_ALREADY_EXISTS",
    "residents.not_found": "END_USER_NOT_FOUND",
}
_KINDS = {
    Kind.INVALID: "VALIDATION_ERROR",
    Kind.UNAUTHENTICATED: "INVALID_API_KEY",
    Kind.FORBIDDEN: "FORBIDDEN",
    Kind.NOT_FOUND: "NOT_FOUND",
    Kind.CONFLICT: "CONFLICT",
    Kind.PRECONDITION: "VALIDATION_ERROR",
    Kind.EXHAUSTED: "RATE_LIMIT_EXCEEDED",
    Kind.UNSUPPORTED: "VALIDATION_ERROR",
    Kind.UNAVAILABLE: "SERVICE_UNAVAILABLE",
    Kind.INTERNAL: "INTERNAL_ERROR",
}
_TEXTS = {
    "devices.not_found": "Device with EUI {device_id} not found",
    "devices.identifier_taken": "Device with EUI {value} already exists",
    "customers.not_found": "Customer not found",
    "residents.not_found": "End user not found",
    "limits.monthly_readings": "Monthly webhook limit reached",
}
_NO_EUI = "identifier"
"""The field error of an invalid EUI (`core/devices/models.py`)."""


def error_body(error: PenstockError, request_id: str) -> Error:
    """An error in the vendor's format. `details` names the invalid fields; the request id goes into a header."""
    code = _CODES.get(error.code) or _KINDS[error.kind]
    if any(field.code == _NO_EUI for field in error.errors):
        return Error("error", "INVALID_DEVICE_ID", "Device EUI format is invalid", {})
    if error.kind is Kind.UNAUTHENTICATED:
        return Error("error", code, "API key is missing or invalid", {})
    if error.code in _TEXTS:
        return Error("error", code, _TEXTS[error.code].format(**error.facts), {})
    details = {field.field: field.detail for field in error.errors if field.field}
    if error.kind is Kind.INTERNAL:
        return Error("error", code, "Internal error", {})
    # A field's name keeps its spelling if the message starts with it.
    return Error("error", code, error.detail if details else error.detail[:1].upper() + error.detail[1:], details)
