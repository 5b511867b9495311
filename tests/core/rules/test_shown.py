"""The inputs of a run show nobody what another scope protects."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.rules import scopes
from penstock.core.rules.models import HOOK_CALLED
from penstock.core.rules.shown import shown_inputs
from penstock.core.rules.trigger_events import SCHEDULE_TOPIC
from penstock.core.tenancy.event_scopes import SCOPES
from penstock.core.tenancy.scopes import ALL
from penstock.kit.ids import OrgId

INPUTS = {
    "reading": ({"values": {"t": 4}}, "telemetry:read"),
    "latest": ({"t": 4}, "telemetry:read"),
    "window": ({"w": 4}, "telemetry:read"),
    "device": ({"name": "Pump"}, "devices:read"),
    "event": ({"topic": "sms.received", "body": {"text": "1234"}}, "sms:read"),
    "hook": ({"body": {}}, None),
    "now": ("2026-05-02T09:15:04Z", None),
    "rule": ({"name": "Warm"}, None),
}
"""Each variable with a value, and the scope of its source."""


def holding(*, but: str | None) -> Actor:
    return Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, scopes=ALL - {but})


def test_every_variable_of_a_rule_is_tried() -> None:
    names = {name for variables in (scopes._ALWAYS, scopes._DEVICE, scopes._READING, scopes._EVENT) for name in variables}
    assert {name.partition(".")[0] for name in names} | {"hook"} == set(INPUTS)


@pytest.mark.parametrize("name", INPUTS)
def test_a_variable_is_shown_to_whom_may_read_its_source(name: str) -> None:
    value, scope = INPUTS[name]
    inputs = {name: value, "now": "x"}
    assert shown_inputs(holding(but=None), inputs) == inputs
    if scope is not None:
        assert shown_inputs(holding(but=scope), inputs) == {name: None, "now": "x"}


@pytest.mark.parametrize(("area", "scope"), SCOPES.items())
def test_an_event_has_the_scope_of_its_topic(area: str, scope: str) -> None:
    inputs = {"event": {"topic": f"{area}.happened", "body": {"id": 1}}}
    assert shown_inputs(holding(but=scope), inputs) == {"event": None}
    assert shown_inputs(Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, scopes=frozenset({scope})), inputs) == inputs


def test_a_schedule_and_a_call_of_a_hook_are_the_rule_s_own() -> None:
    only_rules = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, scopes=frozenset({"rules:read"}))
    for topic in (SCHEDULE_TOPIC, HOOK_CALLED):
        inputs = {"event": {"topic": topic}}
        assert shown_inputs(only_rules, inputs) == inputs
    assert shown_inputs(only_rules, {"event": "no event"}) == {"event": None}


@pytest.mark.parametrize("topic", ["sms.inbound", "mail.inbound", "token.permission.changed"])
def test_events_about_what_is_granted_are_hidden_from_whom_reaches_only_that(topic: str) -> None:
    inputs = {"event": {"topic": topic, "body": {}}, "rule": {"name": "Warm"}}
    restricted = msgspec.structs.replace(holding(but=None), granted_only=True)
    assert shown_inputs(holding(but=None), inputs) == inputs
    assert shown_inputs(restricted, inputs) == inputs | {"event": None}
    assert shown_inputs(restricted, {"event": {"topic": "alert.raised"}}) == {"event": {"topic": "alert.raised"}}
