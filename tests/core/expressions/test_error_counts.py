"""Counts of failed evaluations: of one definition, until it is changed, and stored once."""

from __future__ import annotations

from penstock.core.expressions.error_counts import MAX_REASON, NONE, CountedErrors, ErrorCount, EvaluationErrors, Use
from penstock.kit.ids import OrgId
from tests.support.days import HeldClock

ACME, OTHER = OrgId(1), OrgId(2)


def test_counts_are_by_organisation_use_and_definition() -> None:
    clock = HeldClock()
    errors = EvaluationErrors(clock)
    errors.record(ACME, Use.ALERT, 7, "first")
    errors.record(ACME, Use.ALERT, 7, "x" * 1_000)
    errors.record(ACME, Use.RULE, 7, "of a rule")
    assert errors.of(ACME, Use.ALERT, 7) == ErrorCount(2, "x" * MAX_REASON, clock.us)
    assert errors.of(ACME, Use.RULE, 7).count == 1
    assert errors.of(ACME, Use.WEBHOOK, 7) == errors.of(OTHER, Use.ALERT, 7) == NONE
    assert errors.total == 3


def test_only_changed_counts_are_drained_and_a_reset_one_is_zero() -> None:
    errors = EvaluationErrors(HeldClock())
    errors.record(ACME, Use.ALERT, 7, "a")
    errors.record(ACME, Use.ALERT, 8, "b")
    assert [(one.subject_id, one.errors.count) for one in errors.drain()] == [(7, 1), (8, 1)]
    assert errors.drain() == []
    errors.reset(ACME, Use.ALERT, 7)
    errors.reset(ACME, Use.ALERT, 9)
    drained = errors.drain()
    assert [(one.subject_id, one.errors) for one in drained] == [(7, NONE)]
    errors.restore(drained)
    assert errors.drain() == drained


def test_stored_counts_are_added_to_those_since_the_start() -> None:
    errors = EvaluationErrors(HeldClock())
    errors.record(ACME, Use.ALERT, 7, "new")
    errors.record(ACME, Use.ALERT, 8, "gone")
    errors.reset(ACME, Use.ALERT, 8)
    errors.load(CountedErrors(ACME, Use.ALERT, number, ErrorCount(5, "old", 1)) for number in (7, 8, 9))
    assert (errors.of(ACME, Use.ALERT, 7).count, errors.of(ACME, Use.ALERT, 7).reason) == (6, "new")
    assert errors.of(ACME, Use.ALERT, 8) == NONE
    assert errors.of(ACME, Use.ALERT, 9) == ErrorCount(5, "old", 1)
