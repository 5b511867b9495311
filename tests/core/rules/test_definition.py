"""A rule's document: what was stored before each type had a struct of its own."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.core.rules import definition as document
from penstock.core.rules.definition import Definition

OLD_TRIGGER: dict[str, Any] = {
    "device_ids": [],
    "device_type": "",
    "sensors": [],
    "backfill": False,
    "states": [],
    "cron": "",
    "time_zone": "UTC",
    "topics": [],
}
OLD_ACTION: dict[str, Any] = {
    "device_id": "",
    "command": "",
    "parameters": {},
    "url": "",
    "body": "",
    "to": [],
    "subject": "",
    "text": "",
    "channel": "",
    "key": "",
    "value": "",
    "name": "",
    "severity": "",
}
"""Every field of every type, as documents were stored once."""
TRIGGERS = [
    ({"type": "reading", "sensors": ["t"], "backfill": True}, document.ReadingTrigger(sensors=("t",), backfill=True)),
    ({"type": "connectivity", "states": ["online"]}, document.ConnectivityTrigger(states=("online",))),
    (
        {"type": "schedule", "cron": "0 8 * * *", "time_zone": "Europe/Berlin", "device_type": "pump"},
        document.ScheduleTrigger(cron="0 8 * * *", time_zone="Europe/Berlin", device_type="pump"),
    ),
    ({"type": "hook"}, document.HookTrigger()),
    ({"type": "event", "topics": ["alert.*"]}, document.EventTrigger(topics=("alert.*",))),
]
ACTIONS = [
    ({"type": "command", "command": "vent", "parameters": {"n": 1}}, document.CommandAction(command="vent", parameters={"n": 1})),
    ({"type": "webhook", "url": "https://a.example/"}, document.WebhookAction(url="https://a.example/")),
    (
        {"type": "email", "to": ["a@b.example"], "subject": "s", "text": "t", "severity": "high"},
        document.EmailAction(to=("a@b.example",), subject="s", text="t", severity="high"),
    ),
    ({"type": "sms", "to": ["+49"], "text": "t"}, document.SmsAction(to=("+49",), text="t")),
    ({"type": "chat", "channel": "ops", "text": "t"}, document.ChatAction(channel="ops", text="t")),
    (
        {"type": "label", "key": "k", "value": "v", "device_id": "dev_1"},
        document.LabelAction(key="k", value="v", device_id="dev_1"),
    ),
    ({"type": "reading", "key": "k", "value": "1.0"}, document.ReadingAction(key="k", value="1.0")),
    ({"type": "raise_alert", "name": "n", "text": "t", "value": "v"}, document.RaiseAlertAction(name="n", text="t", value="v")),
    ({"type": "clear_alert", "name": "n"}, document.ClearAlertAction(name="n")),
]


def of(trigger: dict[str, Any], *actions: dict[str, Any]) -> dict[str, Any]:
    """A document as it was stored once."""
    return {"trigger": OLD_TRIGGER | trigger, "windows": [], "condition": "", "actions": [OLD_ACTION | one for one in actions]}


@pytest.mark.parametrize(("stored", "trigger"), TRIGGERS)
def test_an_old_trigger_is_read_as_what_it_is(stored: dict[str, Any], trigger: document.Trigger) -> None:
    assert msgspec.json.decode(msgspec.json.encode(of(stored)), type=Definition) == Definition(trigger=trigger)


@pytest.mark.parametrize(("stored", "action"), ACTIONS)
def test_an_old_action_is_read_as_what_it_is(stored: dict[str, Any], action: document.Action) -> None:
    wanted = Definition(trigger=document.HookTrigger(), actions=(action,))
    old = of({"type": "hook"}, stored)
    assert msgspec.json.decode(msgspec.json.encode(old), type=Definition) == wanted
    assert msgspec.json.decode(msgspec.json.encode(wanted), type=Definition) == wanted
    written = msgspec.json.decode(msgspec.json.encode(wanted))["actions"][0]
    assert OLD_ACTION | stored | written == OLD_ACTION | stored


def test_every_type_is_among_these() -> None:
    assert {type(one) for _, one in (*TRIGGERS, *ACTIONS)} == {
        *document.Trigger.__args__,
        *document.Action.__args__,
    }
