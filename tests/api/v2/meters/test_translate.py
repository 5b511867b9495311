"""Consumption as it is shown: exact decimals of the register's unit, with what is not known as null."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from penstock.api.v2.meters.translate import (
    BASE,
    amount_of,
    amount_or_null,
    from_core_amounts,
    from_core_balance,
    from_core_events,
    method_of,
    to_core_role,
    unit_of_total,
)
from penstock.core.meters.models import BalanceRow, BucketAmount, EventKind, MeterEvent, MeterRole, Method, Quality
from penstock.core.registers.models import NANO, RegisterKind
from tests.support.days import NOON_US

LITRE = Fraction(1, 1000)
BUCKET = BucketAmount(
    start_us=NOON_US, end_us=NOON_US + 1_000_000, amount=None, not_measured=0, worst=Quality.MISSING, days=2, missing_days=2
)


def test_every_digit_is_shown_and_nothing_is_not_zero() -> None:
    shown = [amount_or_null(amount, BASE) for amount in (1, 0, None, 12_345 * NANO + 1, -NANO // 2)]
    assert [bytes(one) for one in shown] == [b"0.000000001", b"0", b"null", b"12345.000000001", b"-0.5"]
    assert bytes(amount_of(12_345_600_000, LITRE)) == b"12345.6"
    assert bytes(amount_of(NANO, Fraction(3))) == b"0.333333333"


def test_a_bucket_without_a_known_day_is_null() -> None:
    (found,) = from_core_amounts([BUCKET], LITRE)
    assert (bytes(found.consumption), bytes(found.not_measured), found.quality) == (b"null", b"0", "missing")
    assert (found.missing_days, found.method, found.suspects) == (2, None, 0)
    assert (found.start, found.end) == ("2026-05-02T12:00:00Z", "2026-05-02T12:00:01Z")


@pytest.mark.parametrize(
    ("methods", "shown"),
    [((), None), ((Method.LINEAR,), "linear"), ((Method.LINEAR, Method.USUAL_DAY), "mixed")],
)
def test_how_an_amount_was_computed(methods: tuple[Method, ...], shown: str | None) -> None:
    assert method_of(msgspec.structs.replace(BUCKET, methods=methods)) == shown


def test_a_rollover_is_shown_with_what_stood_before_and_after() -> None:
    event = MeterEvent(kind=EventKind.ROLLOVER, at_us=NOON_US, before=99_999 * NANO, after=NANO // 2, detected=True)
    (found,) = from_core_events([event], BASE)
    assert (found.kind, bytes(found.before), bytes(found.after), found.detected) == ("rollover", b"99999", b"0.5", True)


def test_a_balance_without_a_principal_has_no_difference() -> None:
    row = BalanceRow(start_us=NOON_US, end_us=NOON_US, principal=None, leaves=NANO, contributing=1, silent=2, estimated=NANO)
    found = from_core_balance(row)
    assert [bytes(one) for one in (found.principal, found.unmetered, found.leaves)] == [b"null", b"null", b"1"]
    assert (found.leaves_measured, found.leaves_silent, bytes(found.leaves_estimated)) == (1, 2, b"1")


def test_a_role_or_any_and_the_unit_of_totals() -> None:
    assert (to_core_role(None), to_core_role("principal")) == (None, MeterRole.PRINCIPAL)
    assert [unit_of_total(kind) for kind in (RegisterKind.REVERSE_VOLUME, RegisterKind.HEAT)] == ["m3", "kWh"]
