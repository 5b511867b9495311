"""What a rule asks for and can never get is rejected when it is saved; a version that runs is not checked again."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from penstock.bootstrap.event_shapes import STRUCTS, TRIGGERING
from penstock.core.rules.compiling import compile_definition
from penstock.core.rules.definition import (
    Action,
    ConnectivityTrigger,
    Definition,
    EventTrigger,
    HookTrigger,
    LabelAction,
    ReadingTrigger,
    ScheduleTrigger,
    Trigger,
    Window,
    WindowFunction,
)
from penstock.core.rules.models import NOT_TRIGGERING
from penstock.core.webhooks.topics import CATALOGUE
from penstock.kit.errors import InvalidInput

DEVICE = "dev_0c2k9fq7w3m1x"
CRON = "0 * * * *"
WITHOUT: list[Trigger] = [HookTrigger(), ScheduleTrigger(cron=CRON), EventTrigger(topics=("billing.*", "connection.created"))]
WITH: list[Trigger] = [
    ReadingTrigger(),
    ConnectivityTrigger(),
    ScheduleTrigger(cron=CRON, device_ids=(DEVICE,)),
    EventTrigger(topics=("billing.*", "alert.raised")),
]
FILLED: dict[str, Any] = {"to": ("a@example.org",), "url": "https://example.org/", "value": "1"}


def field_of(trigger: Trigger, *actions: Action, **more: Any) -> str:
    definition = Definition(trigger=trigger, actions=actions, **more)
    compile_definition(msgspec.structs.replace(definition, windows=()))  # as a version that runs
    try:
        compile_definition(definition, triggering=TRIGGERING)
    except InvalidInput as refused:
        return refused.errors[0].field.removeprefix("definition.")
    return ""


def action_of(kind: Any, **more: str) -> Any:
    required = {one.name: FILLED.get(one.name, "1") for one in msgspec.structs.fields(kind) if one.required}
    return kind(**required | more)


@pytest.mark.parametrize("topic", sorted({*CATALOGUE, *STRUCTS}))
def test_a_topic_is_accepted_if_its_events_trigger_rules(topic: str) -> None:
    triggering = topic in STRUCTS and topic not in NOT_TRIGGERING
    assert field_of(EventTrigger(topics=(topic,))) == ("" if triggering else "trigger.topics[0]")
    assert field_of(EventTrigger(topics=("alert.*", topic))) == ("" if triggering else "trigger.topics[1]")


@pytest.mark.parametrize("topic", ["reading.*", "reading*", "audit.*", "nope", "nope.*", "*.raised", "**", "alert.nope"])
def test_a_pattern_that_names_no_event_is_rejected(topic: str) -> None:
    assert field_of(EventTrigger(topics=(topic,))) == "trigger.topics[0]"


def test_a_pattern_that_names_some_is_accepted() -> None:
    for topic in ("*", "alert.*", "al*", "rule.*", "device.o*"):
        assert field_of(EventTrigger(topics=(topic,))) == ""


@pytest.mark.parametrize("kind", get_args(Action))
def test_an_action_on_a_device_needs_one(kind: Any) -> None:
    on_device = any(one.name == "device_id" for one in msgspec.structs.fields(kind))
    for trigger in WITHOUT:
        assert field_of(trigger, action_of(kind)) == ("actions[0].device_id" if on_device else "")
        assert not on_device or field_of(trigger, action_of(kind, device_id=DEVICE)) == ""
    for trigger in WITH:
        assert field_of(trigger, action_of(kind)) == ""


def test_a_trigger_without_a_device_is_not_restricted_to_some() -> None:
    window = Window(name="mean", sensor="t", function=WindowFunction.AVG, minutes=5)
    for trigger in WITHOUT:
        if not isinstance(trigger, ScheduleTrigger):
            assert field_of(msgspec.structs.replace(trigger, device_ids=(DEVICE,))) == "trigger.device_ids"
        assert field_of(msgspec.structs.replace(trigger, device_type="x")) == "trigger.device_type"
        assert field_of(trigger, windows=(window,)) == "windows"
    for trigger in WITH:
        assert field_of(msgspec.structs.replace(trigger, device_ids=(DEVICE,), device_type="x"), windows=(window,)) == ""


@pytest.mark.parametrize("kind", get_args(Action))
def test_braces_are_rejected_where_there_is_no_template(kind: Any) -> None:
    templates = {"url", "body", "subject", "text", "value", "parameters", "device_id", "severity", "to"}
    for one in msgspec.structs.fields(kind):
        if one.name not in templates:
            assert field_of(ReadingTrigger(), action_of(kind, **{one.name: "{{ device.name }}"})) == f"actions[0].{one.name}"


def test_a_label_that_no_device_can_have_is_rejected() -> None:
    assert field_of(ReadingTrigger(), LabelAction(key="k" * 65, value="x")) == "actions[0].key"
    assert field_of(ReadingTrigger(), LabelAction(key="k", value="x" * 257)) == "actions[0].value"
    assert field_of(ReadingTrigger(), LabelAction(key="k" * 64, value="x" * 256)) == ""
