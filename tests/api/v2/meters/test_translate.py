"""Consumption as it is shown: in the meter's unit, with what is not known as null."""

from __future__ import annotations

from penstock.api.v2.meters.translate import from_core_amounts, from_core_balance, from_core_events, to_core_role, units_or_none
from penstock.core.meters.models import BalanceRow, BucketAmount, EventKind, MeterEvent, MeterRole, Quality
from penstock.core.meters.registers import NANO
from tests.support.days import NOON_US


def test_a_millionth_is_not_lost_and_nothing_is_not_zero() -> None:
    assert [units_or_none(amount) for amount in (1000, 0, None, 12_345 * NANO + 1000)] == [0.000001, 0.0, None, 12_345.000001]


def test_a_bucket_without_a_known_day_is_null() -> None:
    bucket = BucketAmount(
        start_us=NOON_US, end_us=NOON_US + 1_000_000, amount=None, not_measured=0, worst=Quality.MISSING, days=2, missing_days=2
    )
    (found,) = from_core_amounts([bucket])
    assert (found.consumption, found.not_measured, found.quality, found.missing_days) == (None, 0.0, "missing", 2)
    assert (found.start, found.end) == ("2026-05-02T12:00:00Z", "2026-05-02T12:00:01Z")


def test_a_reset_is_shown_with_what_stood_before_and_after() -> None:
    event = MeterEvent(kind=EventKind.ROLLOVER, at_us=NOON_US, before=99_999 * NANO, after=NANO // 2, detected=True)
    (found,) = from_core_events([event])
    assert (found.kind, found.before, found.after, found.detected) == ("rollover", 99_999.0, 0.5, True)


def test_a_balance_without_a_principal_has_no_difference() -> None:
    fields = {"start_us": NOON_US, "end_us": NOON_US, "principal": None, "leaves": NANO}
    found = from_core_balance(BalanceRow(**fields, contributing=1, silent=2, estimated=NANO))  # type: ignore[arg-type]
    assert (found.principal, found.unmetered, found.leaves) == (None, None, 1.0)
    assert (found.leaves_measured, found.leaves_silent, found.leaves_estimated) == (1, 2, 1.0)


def test_a_role_or_any() -> None:
    assert (to_core_role(None), to_core_role("principal")) == (None, MeterRole.PRINCIPAL)
