"""Refusals in Kaito's codes."""

from __future__ import annotations

import pytest

from penstock.api.dialects.kaito.errors import error_body
from penstock.core.actor import ScopeMissing
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.tenancy.errors import CredentialMissing, KeyNotActive
from penstock.kit.errors import InvalidInput, PenstockError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ScopeMissing(scope="tokens:read"), "insufficient_scope"),
        (CredentialMissing(), "unauthenticated"),
        (KeyNotActive(status="expired"), "key_expired"),
        (KeyNotActive(status="revoked"), "unauthenticated"),
        (DeviceNotFound(device_id="dev_1"), "not_found"),
        (InvalidInput.field("limit", "has 1 to 100"), "invalid_request"),
    ],
)
def test_the_code_of_a_refusal(error: PenstockError, code: str) -> None:
    problem = error_body(error, "req_1").error
    assert (problem.code, problem.message) == (code, error.detail)
