"""The state of an SMS by the states of its parts."""

from __future__ import annotations

import pytest

from penstock.core.inboxes.models import Part, Status
from penstock.core.inboxes.states import REPEATED, reason_without, state_of_parts
from penstock.kit.ids import SmsAccountId

SENT, DELIVERED, FAILED = Status.SENT, Status.DELIVERED, Status.FAILED


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], SENT),
        ([SENT], SENT),
        ([DELIVERED], DELIVERED),
        ([DELIVERED, SENT], SENT),
        ([DELIVERED, DELIVERED], DELIVERED),
        ([DELIVERED, FAILED, SENT], FAILED),
    ],
)
def test_failed_if_one_is_and_delivered_if_all_are(parts: list[Status], expected: Status) -> None:
    found = [
        Part(account_id=SmsAccountId(1), provider_id=str(at), message_id=None, status=one, error="no" * (one is FAILED), at_us=0)
        for at, one in enumerate(parts)
    ]
    assert state_of_parts(found) == (expected, "no" if expected is FAILED else "")


@pytest.mark.parametrize(
    ("text", "reason", "expected"),
    [
        ("Hi", "Hi is too short", "Hi is too short"),
        ("Hello you", "'Hello you' was filtered", REPEATED),
        ("Your code is AB12 now", "blocked: AB12", REPEATED),
        ("Your code is 481902", "error 30007: filtered", "error 30007: filtered"),
    ],
)
def test_reasons_do_not_repeat_the_text(text: str, reason: str, expected: str) -> None:
    assert reason_without(text, reason) == expected
