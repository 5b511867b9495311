"""The form of a rule: each document comes back as it was."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.console.rules.forms import ACTION_KINDS, DOCUMENT, STARTS, TRIGGERS, definition_of, form_of, rearranged
from penstock.api.console.shared.forms import Form
from penstock.kit.errors import InvalidInput

ACTIONS: list[dict[str, Any]] = [
    {"type": "command", "command": "set", "parameters": {"seconds": 10}, "device_id": "dev_1"},
    {"type": "email", "to": ["a@b.example", "c@d.example"], "subject": "s", "text": "{{ device.name }}", "severity": "high"},
    {"type": "raise_alert", "name": "Warm", "text": "x", "value": "reading.values.t"},
    {"type": "webhook", "url": "https://example.org", "body": "{}"},
]
TRIGGERS_OF: list[dict[str, Any]] = [
    {"type": "reading", "sensors": ["a", "b"], "backfill": True, "device_ids": ["dev_1", "dev_2"], "device_type": "pump"},
    {"type": "connectivity", "states": ["offline"]},
    {"type": "schedule", "cron": "0 7 * * 1-5", "time_zone": "Europe/Brussels"},
    {"type": "event", "topics": ["alert.*", "command.failed"]},
    {"type": "hook"},
]


@pytest.mark.parametrize("trigger", TRIGGERS_OF)
def test_a_document_comes_back_as_it_was(trigger: dict[str, Any]) -> None:
    document = {
        "trigger": trigger,
        "windows": [{"name": "mean", "sensor": "t", "function": "avg", "minutes": 10}],
        "condition": "window.mean > 30.0",
        "actions": ACTIONS,
    }
    assert definition_of(form_of({}, document)) == document


def test_both_states_are_any() -> None:
    document = {"trigger": {"type": "connectivity", "states": ["online", "offline"]}}
    assert definition_of(form_of({}, document))["trigger"] == {"type": "connectivity"}


def test_a_document_is_typed_as_json_too() -> None:
    assert definition_of(Form({DOCUMENT: ['{"trigger": {"type": "hook"}}']})) == {"trigger": {"type": "hook"}}
    assert definition_of(Form({DOCUMENT: ["[]"]})) == {}
    with pytest.raises(InvalidInput):
        definition_of(Form({DOCUMENT: ["{"]}))


@pytest.mark.parametrize("do", ["add:definition.actions:email", "add:definition.windows:window"])
def test_windows_and_actions_can_be_added(do: str) -> None:
    found = rearranged(Form({"do": [do]}))
    assert found is not None
    assert found.has(f"{do.split(':')[1]}[0].type")


def test_the_rules_to_begin_with_use_what_the_form_has() -> None:
    for start in STARTS.values():
        assert start["definition"]["trigger"]["type"] in TRIGGERS
        assert {one["type"] for one in start["definition"]["actions"]} <= set(ACTION_KINDS)
