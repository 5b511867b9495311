"""Conditions in CEL: about this reading and this device, and no answer where a value is missing."""

from __future__ import annotations

import pytest

from penstock.core.alerts.conditions import Expression
from penstock.core.alerts.expressions import compiled
from penstock.kit.errors import InvalidInput
from tests.core.alerts.watch import a_device, an_alert, us


def test_another_condition_has_none() -> None:
    assert compiled(an_alert()) is None


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("reading.values.t > 6.0", True),
        ("reading.values.t > 8.0", False),
        ("reading.values.missing > 6.0", None),
        ("reading.values.t", None),
        ('device.labels.floor == "2" && device.name == "Room"', True),
        ('device.labels.wing == "a"', None),
        ("reading.time.getHours() == 12", True),
    ],
)
def test_an_expression_sees_reading_and_device(source: str, answer: bool | None) -> None:
    test = compiled(an_alert(Expression(source)))
    assert test is not None
    assert test(a_device(labels={"floor": "2"}), {"t": 7}, us(0)) is answer


@pytest.mark.parametrize("source", ["reading.", "alert.name == 'x'", ""])
def test_a_wrong_one_is_named(source: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        compiled(an_alert(Expression(source)))
    assert refused.value.errors[0].field == "condition.expression"
