"""The state of an SMS by the states of its parts."""

from __future__ import annotations

import pytest

from penstock.core.inboxes.models import Part, Status
from penstock.core.inboxes.states import state_of_parts
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
