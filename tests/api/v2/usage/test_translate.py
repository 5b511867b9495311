"""Usage and limits as they are shown."""

from __future__ import annotations

import pytest

from penstock.api.v2.usage.translate import from_core_limit, from_core_usage
from penstock.core.limits.models import Limit, LimitScope, State, Window
from penstock.core.usage.models import UsageBy, UsageRow
from penstock.kit.ids import DeviceId, Prefix, encode
from tests.support.days import NOON_US


@pytest.mark.parametrize(
    ("by", "subject", "shown"),
    [
        (UsageBy.DEVICE, 10, encode(Prefix.DEVICE, DeviceId(10))),
        (UsageBy.PROJECT, 0, None),
        (UsageBy.ORGANIZATION, 10, None),
    ],
)
def test_a_row_is_of_a_subject_or_of_none(by: UsageBy, subject: int, shown: str | None) -> None:
    row = UsageRow(start_us=NOON_US, subject_id=subject, readings=3, calls=2)
    found = from_core_usage(row, by)
    assert found.id == shown
    assert (found.start, found.readings, found.calls, found.refused) == ("2026-05-02T12:00:00Z", 3, 2, 0)


@pytest.mark.parametrize(("reset_s", "shown"), [(0.0, 0), (-3.0, 0), (0.01, 1), (59.0, 59), (59.001, 60)])
def test_a_limit_is_free_again_when_it_says_so_and_no_sooner(reset_s: float, shown: int) -> None:
    found = from_core_limit(State(Limit("plan_minute", LimitScope.ACCOUNT, 60, Window.MINUTE), 4, reset_s))
    assert (found.limit, found.remaining, found.reset_s) == ("plan_minute", 4, shown)
