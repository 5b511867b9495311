"""One alert on one device, driven by hand: times are seconds after noon."""

from __future__ import annotations

import itertools
from typing import Any

from penstock.core.alerts.conditions import Condition, Threshold
from penstock.core.alerts.expressions import compiled_test
from penstock.core.alerts.machine import Cleared, Effect, Escalated, Machine, Raised, State
from penstock.core.alerts.models import Alert, Target, WatchedDevice
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.notifications.models import Severity
from penstock.kit.clock import SECOND_US
from tests.support.days import HeldClock

NOON_US = 1_777_723_200_000_000
"""2026-05-02T12:00:00Z, a Saturday."""
WARM = Threshold("t", ">", 6)


def us(seconds: float) -> int:
    return NOON_US + round(seconds * SECOND_US)


def an_alert(condition: Condition = WARM, **about: Any) -> Alert:
    """Times may be given in seconds: `for_s=300`."""
    fields = {
        name.removesuffix("_s") + "_us" if name.endswith("_s") else name: value * SECOND_US if name.endswith("_s") else value
        for name, value in about.items()
    }
    known = {"id": 1, "org_id": 1, "name": "Too warm", "description": "", "target": Target(all=True)}
    return Alert(**known | {"condition": condition, "severity": Severity.WARNING, "enabled": True, "armed_us": us(-10)} | fields)


def a_device(device_id: int = 7, **about: Any) -> WatchedDevice:
    known: dict[str, Any] = {"id": device_id, "org_id": 1, "project_id": 1, "name": "Room", "type": "sensor", "labels": {}}
    return WatchedDevice(**known | about)


class Watch:
    """A machine, and what came of it in order, in words: `raised 7 at 60`."""

    def __init__(self, condition: Condition = WARM, *, device: WatchedDevice | None = None, **about: Any) -> None:
        alert = an_alert(condition, **about)
        test = compiled_test(alert, EvaluationErrors(HeldClock()))
        self.machine = Machine(alert, device or a_device(), State(), itertools.count(1).__next__, test)
        self.told: list[str] = []
        self.effects: list[Effect] = []
        self._seq = 0

    def at(self, seconds: float, *, arrives: float | None = None, late: bool = False, **values: Any) -> Watch:
        """A reading, after the timers that were due before it came."""
        received = seconds if arrives is None else arrives
        self.until(received)
        self._seq += 1
        self._tell(self.machine.read(values, us(seconds), us(received), self._seq, late))
        return self

    def online(self, seconds: float, online: bool) -> Watch:
        self.until(seconds)
        self._tell(self.machine.connectivity(online, us(seconds)))
        return self

    def until(self, seconds: float) -> Watch:
        """Run every timer that is due by then."""
        while (due := self.machine.due_us()) is not None and due <= us(seconds):
            self._tell(self.machine.fire(due))
        return self

    def _tell(self, effect: Effect | None) -> None:
        if effect is None:
            return
        self.effects.append(effect)
        seconds = (effect.at_us - NOON_US) / SECOND_US
        match effect:
            case Raised(value=value):
                self.told.append(f"raised {value} at {seconds:g}")
            case Cleared(reason=reason):
                self.told.append(f"cleared {reason.value} at {seconds:g}")
            case Escalated(step=step):
                self.told.append(f"escalated {step} at {seconds:g}")
