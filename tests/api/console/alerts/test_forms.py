"""The form of an alert: what is shown is what is sent, whatever the alert watches."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.console.alerts.forms import api_names, body_of, condition_of, form_of, patch_of, seconds_of, span_of
from penstock.api.console.shared.forms import Form

CONDITIONS: list[dict[str, Any]] = [
    {"type": "threshold", "field": "t", "operator": ">", "value": 6.5},
    {"type": "threshold", "field": "t", "operator": "between", "value": [1, 2]},
    {"type": "threshold", "field": "door", "operator": "==", "value": "open"},
    {"type": "change", "field": "t", "by": 2},
    {"type": "rate", "field": "t", "operator": ">", "value": 1, "per_s": 60},
    {"type": "no_data", "after_s": 5_400},
    {"type": "connectivity", "state": "offline"},
    {
        "type": "geofence",
        "when": "exit",
        "latitude_field": "lat",
        "longitude_field": "lng",
        "center": [51.05, 3.7],
        "radius_m": 100,
    },
    {"type": "geofence", "when": "enter", "polygon": [[51, 3], [52, 4], [51, 4]]},
    {"type": "expression", "expression": "reading.values.t > 6"},
]
ALERT: dict[str, Any] = {
    "name": "Too warm",
    "description": "Call Ada",
    "severity": "critical",
    "enabled": True,
    "for_s": 300,
    "hysteresis": 0.5,
    "cooldown_s": 900,
    "n_of_m": {"n": 2, "m": 3},
    "active_hours": {"time_zone": "Europe/Brussels", "from": "08:00", "to": "18:00", "days": [1, 5]},
    "backfill": True,
    "target": {"labels": {"site": "north"}},
    "condition": CONDITIONS[0],
    "actions": [{"type": "email", "to": ["a@b.example"], "on_clear": True}],
    "escalation": [
        {"after_s": 600, "actions": [{"type": "email", "to": ["c@d.example"], "on_clear": False}]},
        {
            "after_s": 1_800,
            "actions": [
                {"type": "sms", "to": ["+32470123456"], "on_clear": False},
                {"type": "chat", "channel": "ops", "on_clear": False},
            ],
        },
    ],
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_comes_back_as_it_was(condition: dict[str, Any]) -> None:
    assert condition_of(form_of(ALERT | {"condition": condition})) == condition


def test_an_alert_comes_back_as_it_was() -> None:
    assert body_of(form_of(ALERT)) == ALERT


@pytest.mark.parametrize("target", [{"devices": ["dev_1", "dev_2"]}, {"project_id": "prj_1"}, {"all": True}])
def test_so_do_its_devices(target: dict[str, Any]) -> None:
    assert body_of(form_of(ALERT | {"target": target}))["target"] == target


def test_what_was_emptied_is_sent_as_nothing() -> None:
    plain = {name: ALERT[name] for name in ("name", "severity", "target", "condition")}
    found = patch_of(form_of(plain), by_rule=False)
    assert (found["for_s"], found["max_gap_s"], found["n_of_m"], found["active_hours"], found["hysteresis"]) == (
        0,
        None,
        None,
        None,
        0,
    )
    assert (found["actions"], found["escalation"]) == ([], [])


def test_of_the_alert_of_a_rule_only_some_fields_are_sent() -> None:
    assert set(patch_of(form_of(ALERT), by_rule=True)) == {"name", "description", "enabled", "actions"}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("90", 90),
        ("5 min", 300),
        ("5m", 300),
        ("2h", 7_200),
        ("1 d", 86_400),
        ("1.5 h", 5_400),
        ("soon", "soon"),
        ("-5", "-5"),
    ],
)
def test_durations_as_they_are_typed(text: str, seconds: Any) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, ""), (None, ""), (45, "45 s"), (300, "5 min"), (5_400, "90 min"), (86_400, "1 d")]
)
def test_durations_as_they_are_shown(seconds: int | None, text: str) -> None:
    assert span_of(seconds) == text


def test_errors_of_the_escalation_find_their_fields() -> None:
    form = form_of(ALERT)
    theirs = "escalation[1].actions[1].channel"
    form.failed({"errors": [{"field": theirs, "detail": "unknown"}]}, api_names(form))
    assert form.error("escalation[2].channel") == "unknown"


def test_days_that_are_none_are_left_out() -> None:
    form = Form({"active_hours.on": ["true"], "active_hours.days": ["1", "9", "x"], "condition.type": ["no_data"]})
    assert body_of(form)["active_hours"] == {"days": [1]}
