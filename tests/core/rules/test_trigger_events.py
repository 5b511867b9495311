"""Triggers other than readings: stable names, the device and the chain in an event's body, and what expressions see."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.devices.connectivity import ConnectivityChanged
from penstock.core.event_data import event_data
from penstock.core.expressions.variables import moment
from penstock.core.rules.definition import EventTrigger, HookTrigger
from penstock.core.rules.models import HookCalled
from penstock.core.rules.trigger_events import context_of, of_connectivity, of_event, of_hook, of_schedule
from penstock.kit.ids import DeviceId, EventId, OrgId, Prefix, RuleId, encode
from tests.core.rules.armed import armed, definition, us

TEN = DeviceId(10)


@pytest.mark.parametrize(
    ("body", "device_id", "chain"),
    [
        ({"device_id": 10, "chain": [3, 4]}, 10, (3, 4)),
        ({"device_id": None}, None, ()),
        ({}, None, ()),
    ],
)
def test_device_and_chain_are_read_from_the_body(body: dict[str, Any], device_id: int | None, chain: tuple[int, ...]) -> None:
    found = of_event("outbox:1", "alert.raised", body, us(0))
    assert (found.device_id, found.chain, found.at_us) == (device_id, chain, us(0))
    assert found.content == {"topic": "alert.raised", "time": moment(us(0)), "body": event_data("alert.raised", body)}


def test_an_event_occurred_when_its_body_says_so() -> None:
    found = of_event("outbox:1", "device.deleted", {"at_us": us(5)}, us(0))
    assert (found.at_us, found.content["time"]) == (us(5), moment(us(5)))


def test_a_schedule_is_named_by_time_and_device() -> None:
    names = {of_schedule(at, device).cause for at in (us(0), us(60)) for device in (None, TEN)}
    assert len(names) == 4
    assert of_schedule(us(0), TEN).cause == of_schedule(us(0), TEN).cause


def test_connectivity_and_hooks_say_what_happened() -> None:
    changed = ConnectivityChanged(device_id=TEN, state="offline", reason="lost", at_us=us(0))
    found = of_connectivity("connectivity:5", changed)
    assert (found.content["topic"], found.content["state"], found.content["reason"]) == ("device.offline", "offline", "lost")
    called = HookCalled(rule_id=RuleId(3), call_id=EventId(8), body={"a": [1]}, at_us=us(0))
    assert of_hook("hook:8", called).content["body"] == {"a": [1]}


def test_only_a_rule_of_hooks_has_the_variable_hook() -> None:
    found = of_hook("hook:8", HookCalled(rule_id=RuleId(3), call_id=EventId(8), body={"a": 1}, at_us=us(0)))
    hooked = context_of(armed(definition(trigger=HookTrigger())), found, OrgId(1), None, {}, us(1))
    assert hooked.parts["hook"] == {"body": {"a": 1}}
    assert (hooked.arrived_us, hooked.at_us, hooked.cause) == (us(1), us(0), "hook:8")
    assert "device" not in hooked.parts
    event = of_event("outbox:1", "alert.raised", {"device_id": 10, "chain": [4]}, us(0))
    seen = context_of(
        armed(definition(trigger=EventTrigger(topics=("*",)))), event, OrgId(1), {"name": "Room"}, {"latest": {}}, us(1)
    )
    assert (seen.device_id, seen.chain, seen.parts["device"], seen.parts["latest"]) == (10, (4,), {"name": "Room"}, {})
    assert "hook" not in seen.parts
    assert seen.parts["rule"] == {"id": encode(Prefix.RULE, RuleId(3)), "name": "frost", "version": 2}
