"""Refusals in the vendor's words."""

from __future__ import annotations

import pytest

from penstock.api.dialects.iottly.errors import error_body
from penstock.core.devices.errors import DeviceLimitReached
from penstock.core.tenancy.errors import CredentialMissing, KeyNotActive
from penstock.kit.errors import InvalidInput, Kind, PenstockError


class Broken(PenstockError):
    """Something of ours."""

    kind, code = Kind.INTERNAL, "tests.broken_iottly"
    message = "the table devices has no column x"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (CredentialMissing(), "Missing API key"),
        (KeyNotActive(status="expired"), "Invalid API key"),
        (InvalidInput.field("limit", "Has 1 to 100"), "Invalid limit: has 1 to 100"),
        (Broken(), "Server error"),
    ],
)
def test_the_text_of_a_refusal(error: PenstockError, text: str) -> None:
    assert error_body(error, "req_1").error == text


def test_a_text_of_ours_begins_with_a_capital() -> None:
    error = DeviceLimitReached(limit=3, count=4)
    assert error_body(error, "req_1").error == error.detail[0].upper() + error.detail[1:]
    assert error_body(InvalidInput.field("", "no JSON"), "req_1").error[0].isupper()
