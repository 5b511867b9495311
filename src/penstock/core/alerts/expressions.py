"""Conditions in CEL over `reading` and `device`, compiled once per definition."""

from __future__ import annotations

from penstock.core.alerts.conditions import Expression
from penstock.core.alerts.machine import Test
from penstock.core.alerts.models import Alert, WatchedDevice
from penstock.core.expressions.expression import compile_expression
from penstock.core.expressions.variables import Variables, moment
from penstock.kit.ids import Prefix, encode

NAMES = frozenset({"reading", "device"})


def compiled(alert: Alert) -> Test | None:
    """The compiled test of a definition whose condition is an expression; None for any other condition."""
    if not isinstance(alert.condition, Expression):
        return None
    expression = compile_expression(alert.condition.expression, "condition.expression", NAMES)

    def test(device: WatchedDevice, payload: dict[str, object], time_us: int) -> bool | None:
        known = {"id": encode(Prefix.DEVICE, device.id), "name": device.name, "type": device.type, "labels": device.labels}
        found = expression.test(Variables({"reading": {"values": payload, "time": moment(time_us)}, "device": known}))
        return found.value if found.ok else None

    return test
