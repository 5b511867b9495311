"""Which variables a rule has, by its trigger."""

from __future__ import annotations

from typing import get_args

import pytest

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
        (ConnectivityTrigger(), {"event.state", "device.name", "latest"}, {"event.body", "reading.values"}),
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
    assert scope_of_trigger("reading", None).keys == {}
    assert scope_of_trigger("reading", ["mean"]).keys["window"] == {"mean"}


def test_every_trigger_has_variables() -> None:
    for kind in get_args(Trigger):
        assert scope_of_trigger(kind.__struct_config__.tag, None).kinds
