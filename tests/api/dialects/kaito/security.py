"""Kaito as the security tests see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.security.dialects import Dialect

if TYPE_CHECKING:
    from tests.security.calls import Answer


def check_error(answer: Answer, document: dict[str, Any]) -> bool:
    if "error" not in document:
        return False
    assert document["error"].keys() == {"code", "message"}
    return True


DIALECT = Dialect(
    check_error=check_error,
    follows_by_itself=frozenset({"/v1/audit", "/v1/tokens/{token}/code"}),
    passes_on={"POST /v1/webhooks/endpoints": lambda topic: {"url": "https://hooks.example.org/x", "events": [topic]}},
    credentials={
        "GET /v1/sms": "shared",
        "GET /v1/sms/next": "shared",
        "GET /v1/sms/{sms_id}": "shared",
        "POST /v1/webhooks/endpoints": "receiver",
        "GET /v1/tokens/{token}/code": "shared",
        "GET /v1/tokens/{token}/seed": "shared",
        "POST /v1/tokens/{token}/seed/rotate": "shared",
    },
)
