"""Conditions in CEL over `reading` and `device`, compiled once per expression."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from penstock.core.alerts.conditions import Expression
from penstock.core.alerts.machine import Test
from penstock.core.alerts.models import Alert, WatchedDevice
from penstock.core.expressions.engine import Kind
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.expressions.expression import ErrorReason, compile_condition
from penstock.core.expressions.expression import Expression as CompiledExpression
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import moment
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode

SCOPE = Scope(
    {
        "reading.values": Kind.VALUES,
        "reading.time": Kind.TIME,
        "device.id": Kind.TEXT,
        "device.name": Kind.TEXT,
        "device.type": Kind.TEXT,
        "device.labels": Kind.TEXTS,
    }
)
FIELD = "condition.expression"


def check_expression(alert: Alert) -> None:
    """Check the condition of a definition, if it is an expression.

    Raises:
        InvalidInput: it cannot be compiled.
    """
    if isinstance(alert.condition, Expression):
        _compiled(alert.condition.expression)


def compiled_test(alert: Alert, errors: EvaluationErrors) -> Test | None:
    """The test of a definition whose condition is an expression; None for any other condition.

    A definition that was stored before a stricter check may no longer compile: each reading then counts as a failed evaluation.
    """
    if not isinstance(alert.condition, Expression):
        return None

    def failed(reason: str) -> None:
        errors.record(alert.org_id, Use.ALERT, alert.id, reason)

    try:
        return _test(_compiled(alert.condition.expression), failed)
    except InvalidInput as error:
        reason = error.detail
        return lambda device, payload, time_us: failed(reason)


def parts_of(expression: CompiledExpression, device: WatchedDevice, payload: object, time_us: int) -> dict[str, object]:
    """The variables that an expression uses."""
    reading: dict[str, object] = {"values": payload, "time": moment(time_us)}
    if "device" not in expression.names:
        return {"reading": reading}
    known = {"id": encode(Prefix.DEVICE, device.id), "name": device.name, "type": device.type, "labels": device.labels}
    return {"reading": reading, "device": known}


def _test(expression: CompiledExpression, failed: Callable[[str], None]) -> Test:
    def test(device: WatchedDevice, payload: dict[str, object], time_us: int) -> bool | None:
        found = expression.test_uncut(parts_of(expression, device, payload, time_us))
        if found.ok:
            return bool(found.value)
        if found.error is ErrorReason.FAILED:
            failed(found.reason)
        return None

    return test


@lru_cache(maxsize=4_096)
def _compiled(source: str) -> CompiledExpression:
    return compile_condition(source, FIELD, SCOPE)
