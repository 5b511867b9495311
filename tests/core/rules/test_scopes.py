"""Which variables a rule has, by its trigger."""

from __future__ import annotations

from typing import get_args

import pytest

from penstock.bootstrap.event_shapes import TRIGGERING
from penstock.core.rules.definition import (
    ConnectivityTrigger,
    Definition,
    EventTrigger,
    HookTrigger,
    ReadingTrigger,
    ScheduleTrigger,
    Trigger,
    Window,
    WindowFunction,
)
from penstock.core.rules.scopes import scope_of, scope_of_trigger


@pytest.mark.parametrize(
    ("trigger", "has", "lacks"),
    [
        (ReadingTrigger(), {"reading.values", "device.name", "latest", "window", "now"}, {"event.topic", "hook.body"}),
        (ConnectivityTrigger(), {"event.state", "event.body", "device.name", "latest"}, {"hook.body", "reading.values"}),
        (EventTrigger(topics=("alert.*",)), {"event.body", "device.name"}, {"event.state", "reading.values"}),
        (ScheduleTrigger(cron="0 * * * *"), {"event.time", "now"}, {"device.name", "latest", "window", "reading.values"}),
        (ScheduleTrigger(cron="0 * * * *", device_ids=("dev_1",)), {"device.name", "latest", "window"}, {"reading.values"}),
        (HookTrigger(), {"hook.body", "event.body", "rule.name"}, {"device.name", "reading.values"}),
    ],
)
def test_the_variables_of_a_trigger(trigger: Trigger, has: set[str], lacks: set[str]) -> None:
    names = scope_of(Definition(trigger=trigger)).kinds.keys()
    assert has <= names
    assert not lacks & names


def test_the_windows_are_those_of_the_document() -> None:
    window = Window(name="mean", sensor="t", function=WindowFunction.AVG, minutes=5)
    assert scope_of(Definition(trigger=ReadingTrigger(), windows=(window,))).keys["window"] == {"mean"}
    assert scope_of_trigger("reading", [], TRIGGERING, None).keys == {}
    assert scope_of_trigger("reading", [], TRIGGERING, ["mean"]).keys["window"] == {"mean"}


def test_every_trigger_has_variables() -> None:
    for kind in get_args(Trigger):
        assert scope_of_trigger(kind.__struct_config__.tag, [], TRIGGERING, None).kinds


def test_the_fields_of_events_are_those_of_the_topics() -> None:
    def fields(trigger: Trigger) -> set[str]:
        return set(scope_of(Definition(trigger=trigger), TRIGGERING).keys["event.body"])

    assert fields(EventTrigger(topics=("alert.raised",))) == TRIGGERING["alert.raised"]
    assert (
        fields(EventTrigger(topics=("device.created", "command.*")))
        == TRIGGERING["device.created"] | TRIGGERING["command.queued"]
    )
    assert {"state", "connectivity"} <= fields(ConnectivityTrigger())
    assert scope_of_trigger("event", ["alert.raised"], TRIGGERING, None).keys["event.body"] == TRIGGERING["alert.raised"]
    assert "event.body" not in scope_of_trigger("event", [], TRIGGERING, None).keys


def test_events_without_a_device_have_none() -> None:
    for topics, has in ((("billing.statement.created",), False), (("connection.*", "device.created"), True)):
        names = scope_of(Definition(trigger=EventTrigger(topics=topics)), TRIGGERING).kinds
        assert ("device.name" in names, "latest" in names) == (has, has)
