"""Errors in Twilio's format."""

from __future__ import annotations

import msgspec
import pytest

from penstock.api.dialects.twilio.errors import FieldMissing, NumberNotOwned, error_body
from penstock.core.actor import ScopeMissing
from penstock.core.inboxes.errors import InboxMessageNotFound, TooManyQueued
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.kit.errors import InternalError, InvalidInput, PenstockError, Unavailable


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (CredentialInvalid(), 20003, 401),
        (ScopeMissing(scope="sms:send"), 20403, 403),
        (InboxMessageNotFound(message_id="SM1"), 20404, 404),
        (NumberNotOwned(number="+1"), 21606, 400),
        (FieldMissing(name="Body"), 21602, 400),
        (FieldMissing(name="From"), 21603, 400),
        (FieldMissing(name="To"), 21604, 400),
        (InvalidInput.field("To", "must be a number"), 21211, 400),
        (InvalidInput.field("From", "must be a number"), 21212, 400),
        (InvalidInput.field("Body", "must be shorter"), 21617, 400),
        (InvalidInput.field("PageSize", "must be a number"), 20001, 400),
        (TooManyQueued(limit=5), 21611, 429),
        (Unavailable(reason="later"), 20503, 503),
        (InternalError(), 20500, 500),
    ],
)
def test_codes(error: PenstockError, code: int, status: int) -> None:
    found = msgspec.to_builtins(error_body(error, "req_1"))
    assert (found["code"], found["status"]) == (code, status)
    assert found["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert found["message"][0].isupper()
