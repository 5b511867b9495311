"""Automatic closings: the first is the earliest that is still ahead, and none is left out after it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from penstock.core.invoices.periods import Length
from penstock.core.invoices.setup import InvoiceTarget, Invoicing, first_closing, next_closing
from penstock.kit.clock import format_time
from penstock.kit.ids import CustomerId
from tests.core.invoices.billed import us

BERLIN = ZoneInfo("Europe/Berlin")


def settings(length: Length = Length.MONTH, **fields: object) -> Invoicing:
    return Invoicing(**({"target": InvoiceTarget.CUSTOMER, "period": length, "auto_close": True, "close_after_days": 3} | fields))


@pytest.mark.parametrize(
    ("now", "length", "period", "due"),
    [
        ("2026-05-20T00:00:00", Length.MONTH, "2026-05", "2026-06-03T22:00:00Z"),
        ("2026-06-02T00:00:00", Length.MONTH, "2026-05", "2026-06-03T22:00:00Z"),
        ("2026-06-04T00:00:00", Length.MONTH, "2026-06", "2026-07-03T22:00:00Z"),
        ("2026-11-20T00:00:00", Length.QUARTER, "2026-Q4", "2027-01-03T23:00:00Z"),
        ("2026-11-20T00:00:00", Length.YEAR, "2026", "2027-01-03T23:00:00Z"),
    ],
)
def test_the_first_closing_is_ahead(now: str, length: Length, period: str, due: str) -> None:
    found = first_closing(CustomerId(1), settings(length), BERLIN, us(now))
    assert found is not None
    assert (found.period, format_time(found.due_us)) == (period, due)
    assert found.due_us > us(now)


def test_closings_follow_one_another() -> None:
    found = first_closing(CustomerId(1), settings(), BERLIN, us("2026-09-20T00:00:00"))
    periods = []
    for _ in range(4):
        assert found is not None
        periods.append(found.period)
        found = next_closing(found, settings(), BERLIN)
    assert periods == ["2026-09", "2026-10", "2026-11", "2026-12"]


def test_without_a_target_or_by_hand_there_is_none() -> None:
    for other in (settings(auto_close=False), settings(target=InvoiceTarget.NONE)):
        assert first_closing(CustomerId(1), other, BERLIN, us("2026-05-20T00:00:00")) is None
