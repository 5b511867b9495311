"""Conditions in CEL: about this reading and this device, and no answer where a value is missing."""

from __future__ import annotations

import pytest

from penstock.core.alerts.conditions import Expression
from penstock.core.alerts.expressions import check_expression, compiled_test
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.kit.errors import InvalidInput
from tests.core.alerts.watch import a_device, an_alert, us
from tests.support.days import HeldClock


def test_another_condition_has_none() -> None:
    assert compiled_test(an_alert(), EvaluationErrors(HeldClock())) is None


@pytest.mark.parametrize(
    ("source", "answer", "failures"),
    [
        ("reading.values.t > 6.0", True, 0),
        ("reading.values.t * 2 > 13", True, 0),
        ("reading.values.t % 2 == 1", True, 0),
        ("reading.values.t > 8.0", False, 0),
        ("reading.values.missing > 6.0", None, 0),
        ("reading.values.t", None, 1),
        ("reading.values.t > 'x'", None, 1),
        ('device.labels.floor == "2" && device.name == "Room"', True, 0),
        ('device.labels.wing == "a"', None, 0),
        ("reading.time.getHours() == 12", True, 0),
        ('reading.time.getHours("Asia/Kolkata") == 17', True, 0),
    ],
)
def test_an_expression_sees_reading_and_device(source: str, answer: bool | None, failures: int) -> None:
    errors, alert = EvaluationErrors(HeldClock()), an_alert(Expression(source))
    test = compiled_test(alert, errors)
    assert test is not None
    assert test(a_device(labels={"floor": "2"}), {"t": 7}, us(0)) is answer
    assert errors.of(alert.org_id, Use.ALERT, alert.id).count == failures


@pytest.mark.parametrize("source", ["reading.", "alert.name == 'x'", "", "1", "'x'", "reading.value.t > 1", "device.nope == 'a'"])
def test_a_wrong_one_is_named(source: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_expression(an_alert(Expression(source)))
    assert refused.value.errors[0].field == "condition.expression"


def test_a_stored_one_that_no_longer_compiles_fails_at_each_reading() -> None:
    errors, alert = EvaluationErrors(HeldClock()), an_alert(Expression("reading.value.t > 1"))
    test = compiled_test(alert, errors)
    assert test is not None
    assert test(a_device(), {"t": 7}, us(0)) is None
    assert "reading.value.t does not exist" in (errors.of(alert.org_id, Use.ALERT, alert.id).reason or "")
