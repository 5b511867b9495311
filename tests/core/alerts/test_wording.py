"""Conditions in one line, for people."""

from __future__ import annotations

import pytest

from penstock.core.alerts.conditions import (
    Condition,
    ConnectivityIs,
    Expression,
    Geofence,
    NoData,
    RaisedByRule,
    RateOfChange,
    Threshold,
    ValueChange,
)
from penstock.core.alerts.wording import condition_text, kind_of
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import RuleId


@pytest.mark.parametrize(
    ("condition", "kind", "text"),
    [
        (Threshold("temperature", ">", 6), "threshold", "temperature > 6"),
        (Threshold("temperature", "between", (2, 4.5)), "threshold", "temperature between 2 and 4.5"),
        (ValueChange("door"), "change", "door changes"),
        (ValueChange("level", 0.5), "change", "level changes by more than 0.5"),
        (RateOfChange("level", "outside", (-1, 1)), "rate", "level per 60 s outside -1 and 1"),
        (NoData(90 * SECOND_US), "no_data", "no data for 90 s"),
        (ConnectivityIs("offline"), "connectivity", "device is offline"),
        (Geofence(when="enter"), "geofence", "enters the fence"),
        (Geofence(when="exit"), "geofence", "leaves the fence"),
        (Geofence(when="outside"), "geofence", "is outside the fence"),
        (Expression("reading.t > 6.0"), "expression", "reading.t > 6.0"),
        (RaisedByRule(RuleId(1), "Too warm"), "rule", "a rule raises Too warm"),
    ],
)
def test_each_condition_has_its_words(condition: Condition, kind: str, text: str) -> None:
    assert (kind_of(condition), condition_text(condition)) == (kind, text)
