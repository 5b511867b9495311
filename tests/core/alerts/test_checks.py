"""What a definition of an alert must be to make sense."""

from __future__ import annotations

import typing
from typing import Any

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.alerts.actions import Action, CommandAction, EmailAction, EscalationStep, SmsAction
from penstock.core.alerts.checks import actions_of, check_alert, check_patch, check_rights
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
from penstock.core.alerts.models import Alert, NOfM, Target
from penstock.core.notifications.models import Severity
from penstock.core.tenancy.scopes import ALL
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import AlertId, DefinitionId, OrgId, RuleId

MAIL = EmailAction(to=("ada@example.org",))


def alert(condition: Condition | None = None, **about: Any) -> Alert:
    made = Alert(
        id=AlertId(1),
        org_id=OrgId(1),
        name="Warm",
        description="",
        target=Target(all=True),
        condition=condition or Threshold("t", ">", 6),
        severity=Severity.WARNING,
        enabled=True,
        armed_us=0,
        revision=1,
        created_us=0,
        updated_us=0,
    )
    return msgspec.structs.replace(made, **about)


@pytest.mark.parametrize(
    "good",
    [
        alert(),
        alert(Threshold("t", "between", (2, 2))),
        alert(Threshold("door", "==", "open")),
        alert(RateOfChange("t", "outside", (-1, 1)), hysteresis=1),
        alert(Geofence(when="exit", center=(0, 0), radius_m=5), hysteresis=2),
        alert(Geofence(when="enter", polygon=((0, 0), (0, 1), (1, 1)))),
        alert(NoData(SECOND_US)),
        alert(ConnectivityIs("offline"), for_us=5),
        alert(n_of_m=NOfM(3, 3)),
        alert(escalation=(EscalationStep(1, ()), EscalationStep(2, ()))),
    ],
)
def test_what_makes_sense(good: Alert) -> None:
    check_alert(good)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (alert(Threshold("t", "between", 6)), "condition.value"),
        (alert(Threshold("t", "outside", (4, 2))), "condition.value"),
        (alert(Threshold("t", ">", (2, 4))), "condition.value"),
        (alert(Threshold("t", ">", "6")), "condition.value"),
        (alert(Threshold("t", "<=", value=True)), "condition.value"),
        (alert(Geofence(when="exit")), "condition"),
        (alert(Geofence(when="exit", center=(0, 0))), "condition"),
        (alert(Geofence(when="exit", radius_m=4, polygon=((0, 0), (0, 1), (1, 1)))), "condition"),
        (alert(Geofence(when="exit", center=(0, 0), radius_m=4, polygon=((0, 0), (0, 1), (1, 1)))), "condition"),
        (alert(Geofence(when="exit", polygon=((0, 0), (0, 1), (0, 0)))), "condition.polygon"),
        (alert(NoData(5), for_us=1), "for_s"),
        (alert(ConnectivityIs("online"), n_of_m=NOfM(1, 2)), "n_of_m"),
        (alert(n_of_m=NOfM(3, 2)), "n_of_m.n"),
        (alert(ValueChange("t"), hysteresis=1), "hysteresis"),
        (alert(Threshold("t", "==", 6), hysteresis=1), "hysteresis"),
        (alert(Geofence(when="exit", polygon=((0, 0), (0, 1), (1, 1))), hysteresis=1), "hysteresis"),
        (alert(Threshold("t", "outside", (0, 1)), hysteresis=0.6), "hysteresis"),
        (alert(escalation=(EscalationStep(2, ()), EscalationStep(2, ()))), "escalation"),
        (alert(escalation=(EscalationStep(2, ()), EscalationStep(1, ()))), "escalation"),
        (alert(actions=(MAIL, msgspec.structs.replace(MAIL, text="{{ alert.name"))), "actions[1].text"),
    ],
)
def test_what_makes_none_is_named(bad: Alert, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_alert(bad)
    assert [one.field for one in refused.value.errors] == [field]


def test_every_action_has_the_name_of_its_field() -> None:
    steps = (EscalationStep(1, (MAIL,)), EscalationStep(2, (MAIL, MAIL)))
    names = [name for name, _ in actions_of(alert(actions=(MAIL,), escalation=steps))]
    assert names == ["actions[0]", "escalation[0].actions[0]", "escalation[1].actions[0]", "escalation[1].actions[1]"]


@pytest.mark.parametrize(
    ("action", "scope"),
    [(SmsAction(to=("+49301",)), "sms:send"), (CommandAction(DefinitionId(3)), "commands:write"), (MAIL, None)],
)
def test_an_alert_is_no_way_around_a_scope(action: Action, scope: str | None) -> None:
    weak = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, scopes=frozenset({"alerts:write", "telemetry:read"}))
    for made in (alert(actions=(action,)), alert(escalation=(EscalationStep(1, (action,)),))):
        if scope is None:
            check_rights(weak, made)
            continue
        with pytest.raises(ScopeMissing, match=scope):
            check_rights(weak, made)
        check_rights(msgspec.structs.replace(weak, scopes=weak.scopes | {scope}), made)


CONDITIONS: dict[str, tuple[Condition, str | None]] = {
    "threshold": (Threshold("t", ">", 8), "telemetry:read"),
    "change": (ValueChange("t"), "telemetry:read"),
    "rate": (RateOfChange("t", ">", 8), "telemetry:read"),
    "geofence": (Geofence("exit", (50.8, 4.3), 100), "telemetry:read"),
    "expression": (Expression("reading.values.t > 8"), "telemetry:read"),
    "no_data": (NoData(1), "devices:read"),
    "connectivity": (ConnectivityIs("offline"), "devices:read"),
    "rule": (RaisedByRule(RuleId(1), "Warm"), None),
}
"""A condition of each type, and the scope of what it monitors: whoever saved a rule needed the scopes of what that evaluates."""


def test_an_alert_monitors_what_its_author_may_read() -> None:
    assert {type(condition) for condition, _ in CONDITIONS.values()} == set(typing.get_args(Condition))
    for condition, scope in CONDITIONS.values():
        made, able = alert(condition), frozenset({"alerts:write"} if scope is None else {scope})
        check_rights(Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, scopes=able), made)
        if scope is not None:
            with pytest.raises(ScopeMissing, match=scope):
                check_rights(Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, scopes=ALL - {scope}), made)


def test_what_a_rule_raises_is_the_rules_to_say() -> None:
    check_patch(alert(), ["condition", "for_us"])
    of_rule = alert(RaisedByRule(RuleId(1), "Warm"))
    check_patch(of_rule, ["name", "description", "enabled", "actions"])
    for name, shown in (("condition", "condition"), ("for_us", "for_s"), ("hours", "active_hours")):
        with pytest.raises(InvalidInput) as refused:
            check_patch(of_rule, ["name", name])
        assert refused.value.errors[0].field == shown
