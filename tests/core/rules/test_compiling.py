"""Documents of rules: what is refused is named to the field, and what is rendered keeps its type."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from penstock.core.expressions.variables import Variables
from penstock.core.rules.compiling import compile_definition, next_due
from penstock.core.rules.definition import (
    Action,
    ChatAction,
    CommandAction,
    ConnectivityTrigger,
    EmailAction,
    EventTrigger,
    HookTrigger,
    LabelAction,
    RaiseAlertAction,
    ReadingAction,
    ReadingTrigger,
    ScheduleTrigger,
    SmsAction,
    Trigger,
    WebhookAction,
    Window,
    WindowFunction,
)
from penstock.kit.errors import InvalidInput
from tests.core.rules.armed import definition


def window(name: str = "w", sensor: str = "t", minutes: int = 5) -> Window:
    return Window(name=name, sensor=sensor, function=WindowFunction.AVG, minutes=minutes)


def refused(document: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        compile_definition(document)
    return caught.value.errors[0].field


@pytest.mark.parametrize(
    ("trigger", "field"),
    [
        (ReadingTrigger(device_ids=("nonsense",)), "trigger.device_ids[0]"),
        (ReadingTrigger(sensors=("",)), "trigger.sensors"),
        (ReadingTrigger(sensors=("t",) * 65), "trigger.sensors"),
        (ConnectivityTrigger(states=("online", "away")), "trigger.states"),
        (EventTrigger(topics=()), "trigger.topics"),
        (ScheduleTrigger(cron="0 6 * * *", time_zone="Mars/Base"), "trigger.time_zone"),
        (ScheduleTrigger(cron="0 6 * * *", time_zone="../etc/passwd"), "trigger.time_zone"),
        (ScheduleTrigger(cron=""), "trigger.cron"),
        (ScheduleTrigger(cron="61 6 * * *"), "trigger.cron"),
        (ScheduleTrigger(cron="0 0 6 * * *"), "trigger.cron"),
    ],
)
def test_a_trigger_that_makes_no_sense(trigger: Trigger, field: str) -> None:
    assert refused(definition(trigger=trigger)) == f"definition.{field}"


@pytest.mark.parametrize(
    ("windows", "field"),
    [
        ((window(), window()), "windows"),
        (tuple(window(f"w{n}") for n in range(9)), "windows"),
        ((window("W"),), "windows[0].name"),
        ((window(), window("1st")), "windows[1].name"),
        ((window(sensor=""),), "windows[0].sensor"),
        ((window(minutes=0),), "windows[0].minutes"),
        ((window(minutes=1_441),), "windows[0].minutes"),
    ],
)
def test_a_window_that_makes_no_sense(windows: tuple[Window, ...], field: str) -> None:
    assert refused(definition(windows=windows)) == f"definition.{field}"
    compile_definition(definition(windows=(window(minutes=1), window("_2", minutes=1_440))))


@pytest.mark.parametrize(
    ("action", "field"),
    [
        (EmailAction(to=("a b@example.org",), subject="s", text="t"), "to"),
        (EmailAction(to=("a@example.org",) * 11, subject="s", text="t"), "to"),
        (EmailAction(to=(), subject="s", text="t"), "to"),
        (EmailAction(to=("a@example.org",), subject="s", text=""), "text"),
        (EmailAction(to=("a@example.org",), subject="s", text="t", severity="fatal"), "severity"),
        (SmsAction(to=("",), text="t"), "to"),
        (WebhookAction(url="https://{{ device.name }}/x"), "url"),
        (WebhookAction(url="ftp://example.org/x"), "url"),
        (WebhookAction(url="https://example.org/{{ nobody.x }}"), "url"),
        (LabelAction(key="k" * 201, value="v"), "key"),
        (ReadingAction(key="t", value="1 +"), "value"),
        (CommandAction(command="go", device_id="x"), "device_id"),
        (CommandAction(command="go", parameters={"s": "{{ 1 + }}"}), "parameters.s"),
        (ChatAction(channel="ops", text="{{ }}"), "text"),
    ],
)
def test_an_action_that_makes_no_sense(action: Action, field: str) -> None:
    good = LabelAction(key="k", value="v")
    place = "definition.actions[1]"
    assert refused(definition("", good, action)) in (f"{place}.{field}", place)


def test_no_more_actions_than_there_may_be() -> None:
    actions = (LabelAction(key="k", value="v"),) * 17
    assert refused(definition("", *actions)) == "definition.actions"
    assert len(compile_definition(definition("", *actions[1:])).actions) == 16


def test_names_are_those_of_condition_texts_values_and_parameters() -> None:
    actions = (CommandAction(command="go", parameters={"s": "{{ latest.t }}"}), ChatAction(channel="ops", text="{{ now }}"))
    assert compile_definition(definition("device.type == 'x'", *actions)).names == {"device", "latest", "now"}
    assert compile_definition(definition(" \n")).condition is None


def rendered(action: Action, **values: Any) -> tuple[dict[str, Any], str]:
    (found,) = compile_definition(definition("", action)).actions
    return found.rendered(Variables(values), [])


def test_a_single_place_keeps_the_type_of_its_value() -> None:
    parameters = {"whole": "{{ latest.n }}", "half": "{{ latest.h }}", "text": "{{ latest.n }} V"}
    action = CommandAction(command="go", parameters=parameters | {"plain": 5, "on": "{{ latest.on }}"})
    done, problem = rendered(action, latest={"n": 5.0, "h": 2.5, "on": True})
    assert done["parameters"] == {"whole": 5, "half": 2.5, "text": "5 V", "plain": 5, "on": True}
    assert [type(done["parameters"][name]) for name in ("whole", "on")] == [int, bool]
    assert problem == ""
    assert rendered(action, latest={})[1].startswith("parameters.whole: ")


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        (WebhookAction(url="https://example.org/{{ latest.x }}"), "url: "),
        (LabelAction(key="k", value="{{ latest.x }}"), "value: "),
        (ReadingAction(key="t", value="latest.x"), "value: "),
        (ReadingAction(key="t", value="latest.list"), "value: must be a finite number, a string or a boolean"),
        (ReadingAction(key="t", value="double('inf')"), "value: must be a finite number, a string or a boolean"),
        (ChatAction(channel="ops", text="{{ latest.x }}"), ""),
        (RaiseAlertAction(name="frost", text="x", value="latest.x"), ""),
    ],
)
def test_a_gap_spoils_what_would_go_wrong_and_no_message(action: Action, problem: str) -> None:
    found = rendered(action, latest={"list": [1]})[1]
    assert found.startswith(problem)
    assert bool(found) is bool(problem)


def test_a_value_in_a_url_stays_one_part_of_it() -> None:
    done, _ = rendered(WebhookAction(url="https://example.org/{{ device.name }}?a=1"), device={"name": "a/b?c#d"})
    assert done["url"] == "https://example.org/a%2Fb%3Fc%23d?a=1"


@pytest.mark.parametrize(
    ("trigger", "value"),
    [
        (ReadingTrigger(sensors=("a.b",)), 7),
        (ReadingTrigger(sensors=("a.b", "c")), None),
        (ReadingTrigger(), None),
        (HookTrigger(), None),
    ],
)
def test_an_alert_has_the_value_of_the_one_sensor(trigger: Trigger, value: int | None) -> None:
    (action,) = compile_definition(definition("", RaiseAlertAction(name="frost", text="x"), trigger=trigger)).actions
    done, problem = action.rendered(Variables({"reading": {"values": {"a.b": 7}}}), [])
    assert (done.get("value"), problem) == (value, "")


def test_a_schedule_is_due_by_the_clock_on_the_wall() -> None:
    def us(text: str) -> int:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000

    daily = ScheduleTrigger(cron="30 6 * * *", time_zone="Europe/Brussels")
    assert next_due(daily, us("2026-03-28T04:00:00")) == us("2026-03-28T05:30:00")
    assert next_due(daily, us("2026-03-28T05:30:00")) == us("2026-03-29T04:30:00"), "the clocks were set in the night"
    assert next_due(HookTrigger(), 0) is None
