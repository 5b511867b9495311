"""Conditions and occurrences as text, for users and for the bodies of vendors' webhooks."""

from __future__ import annotations

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
from penstock.kit.clock import SECOND_US


def kind_of(condition: Condition) -> str:
    """The type of a condition, as in definitions."""
    return str(condition.__struct_config__.tag)


def condition_text(condition: Condition) -> str:
    """A condition on one line, such as `temperature > 6`."""
    match condition:
        case Threshold(field=field, operator=operator, value=value):
            return f"{field} {operator} {_bounds(value)}"
        case ValueChange(field=field, by=by):
            return f"{field} changes by more than {by}" if by else f"{field} changes"
        case RateOfChange(field=field, operator=operator, value=value, per_us=per_us):
            return f"{field} per {per_us // SECOND_US} s {operator} {_bounds(value)}"
        case NoData(after_us=after_us):
            return f"no data for {after_us // SECOND_US} s"
        case ConnectivityIs(state=state):
            return f"device is {state}"
        case Geofence(when=when):
            return {"enter": "enters the fence", "exit": "leaves the fence", "outside": "is outside the fence"}[when]
        case Expression(expression=expression):
            return expression
        case RaisedByRule(name=name):
            return f"a rule raises {name}"


def _bounds(value: object) -> str:
    return f"{value[0]} and {value[1]}" if isinstance(value, tuple) else str(value)
