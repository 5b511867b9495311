"""Alerts between wire and core: what is sent comes back as it was, and what makes no sense is named."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.api.v2.alerts import wire
from penstock.api.v2.alerts.translate import (
    from_core_alert,
    to_core_alert,
    to_core_filter,
    to_core_patch,
)
from penstock.core.alerts.conditions import RaisedByRule
from penstock.core.alerts.models import Alert
from penstock.core.alerts.snoozes import Snoozes
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.notifications.models import Severity
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import AlertId, DefinitionId, DeviceId, OrgId, Prefix, ProjectId, RuleId, encode
from tests.support.days import HeldClock

TEN = encode(Prefix.DEVICE, DeviceId(10))
NO_DATA = {"type": "no_data", "after_s": 60}


def body(**about: Any) -> wire.AlertCreate:
    return msgspec.convert({"name": "Warm", "target": {"all": True}, "condition": NO_DATA} | about, wire.AlertCreate)


def stored(new: wire.AlertCreate) -> Alert:
    known = msgspec.structs.asdict(to_core_alert(new))
    return Alert(id=AlertId(1), org_id=OrgId(1), **known)


def shown(new: wire.AlertCreate) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(from_core_alert(stored(new), EvaluationErrors(HeldClock()), Snoozes()))
    return found


CONDITIONS: list[dict[str, Any]] = [
    NO_DATA,
    {"type": "threshold", "field": "t", "operator": "between", "value": [1, 2.5]},
    {"type": "threshold", "field": "door", "operator": "==", "value": "open"},
    {"type": "change", "field": "t", "by": 0.5},
    {"type": "rate", "field": "t", "operator": ">", "value": 3, "per_s": 120},
    {"type": "connectivity", "state": "offline"},
    {"type": "expression", "expression": "reading.values.t > 6.0"},
    {"type": "geofence", "when": "exit", "center": [50.8, 4.3], "radius_m": 100.0, "polygon": [], "latitude_field": "lat"},
    {"type": "geofence", "when": "enter", "center": None, "radius_m": None, "polygon": [[50.0, 4.0], [51.0, 4.0], [51.0, 5.0]]},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition["type"])
def test_a_condition_comes_back_as_it_was_sent(condition: dict[str, Any]) -> None:
    assert condition.items() <= shown(body(condition=condition))["condition"].items()


@pytest.mark.parametrize(
    "fields",
    [
        {"for_s": 60, "max_gap_s": 300, "cooldown_s": 900, "auto_clear_s": 3600},
        {"n_of_m": {"n": 2, "m": 5}, "hysteresis": 0.5, "backfill": True, "enabled": False},
        {"active_hours": {"time_zone": "UTC", "days": [1, 7], "from": "06:30", "to": "24:00"}},
        {"target": {"devices": [TEN], "project_id": None, "labels": None, "all": False}},
        {"target": {"devices": None, "project_id": None, "labels": {"floor": "2"}, "all": False}},
        {"actions": [{"type": "sms", "to": ["+4915112345678"], "on_clear": True, "text": "x"}]},
        {"escalation": [{"after_s": 60, "actions": [{"type": "chat", "channel": "ops", "on_clear": False, "text": ""}]}]},
    ],
)
def test_fields_come_back_as_they_were_sent(fields: dict[str, Any]) -> None:
    assert fields.items() <= shown(body(**fields)).items()


def test_what_is_said_twice_is_kept_once() -> None:
    hours = {"time_zone": "UTC", "days": [7, 1, 7], "from": "00:00", "to": "24:00"}
    mail = {"type": "email", "to": ["a@b.example", "a@b.example"]}
    found = stored(body(target={"devices": [TEN, TEN]}, active_hours=hours, actions=[mail], severity="high"))
    assert found.target.devices == (10,)
    assert found.hours is not None
    assert found.hours.days == (1, 7)
    assert found.actions[0].to == ("a@b.example",)  # type: ignore[union-attr]
    assert found.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"target": {}}, "target"),
        ({"target": {"devices": []}}, "target"),
        ({"target": {"labels": {}}}, "target"),
        ({"target": {"all": True, "devices": [TEN]}}, "target"),
        ({"target": {"devices": ["nonsense"]}}, "target.devices[0]"),
        ({"condition": {"type": "geofence", "when": "exit", "center": [91, 0], "radius_m": 5}}, "condition"),
        ({"actions": [{"type": "command", "definition_id": TEN}]}, "actions[0].definition_id"),
    ],
)
def test_what_makes_no_sense_is_named(about: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        to_core_alert(body(**about))
    assert refused.value.errors[0].field == field


def test_a_patch_tells_null_from_absent() -> None:
    sent = msgspec.convert({"max_gap_s": None, "for_s": 5, "n_of_m": None, "active_hours": None}, wire.AlertPatch)
    found = msgspec.structs.asdict(to_core_patch(sent))
    changes = {name: value for name, value in found.items() if value is not msgspec.UNSET}
    assert changes == {"max_gap_us": None, "for_us": 5_000_000, "n_of_m": None, "hours": None}


def test_a_command_and_a_rule_have_public_ids() -> None:
    command = {"type": "command", "definition_id": encode(Prefix.DEFINITION, DefinitionId(3)), "device_id": None}
    assert command.items() <= shown(body(actions=[command]))["actions"][0].items()
    found = from_core_alert(
        msgspec.structs.replace(stored(body()), condition=RaisedByRule(RuleId(7), "frost")),
        EvaluationErrors(HeldClock()),
        Snoozes(),
    )
    rule_id = encode(Prefix.RULE, RuleId(7))
    assert msgspec.to_builtins(found.condition) == {"type": "rule", "rule_id": rule_id, "name": "frost"}


def test_filters() -> None:
    query = msgspec.convert({"severity": "low", "project_id": encode(Prefix.PROJECT, ProjectId(3))}, wire.AlertQuery)
    assert (to_core_filter(query).severity, to_core_filter(query).project_id, to_core_filter(query).status) == (
        Severity.WARNING,
        3,
        None,
    )
