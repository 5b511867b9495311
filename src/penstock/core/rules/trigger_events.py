"""Triggers other than readings: schedules, hooks, connectivity and events, and the variables that expressions get from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.core.devices.connectivity import TOPICS, ConnectivityChanged
from penstock.core.devices.models import Connectivity
from penstock.core.event_data import event_data, event_data_of
from penstock.core.expressions.variables import cut, moment
from penstock.core.rules.contexts import EvaluationContext
from penstock.core.rules.definition import HookTrigger
from penstock.core.rules.engine import Armed
from penstock.core.rules.models import HOOK_CALLED, HookCalled
from penstock.kit.ids import DeviceId, OrgId, Prefix, RuleId, encode

SCHEDULE_TOPIC = "schedule"


class TriggerEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event that can trigger rules.

    `cause` is its stable name, `content` the variable `event`, `chain` the rules that led to it.
    """

    cause: str
    at_us: int
    content: dict[str, Any]
    device_id: DeviceId | None = None
    chain: tuple[RuleId, ...] = ()


def of_schedule(due_us: int, device_id: DeviceId | None) -> TriggerEvent:
    """A schedule is due, for a device or for none."""
    content = {"time": moment(due_us), "topic": SCHEDULE_TOPIC}
    return TriggerEvent(cause=f"schedule:{due_us}:{device_id or 0}", at_us=due_us, content=content, device_id=device_id)


def of_connectivity(cause: str, changed: ConnectivityChanged) -> TriggerEvent:
    """A device came online or went offline."""
    topic = TOPICS[Connectivity(changed.state)]
    content = {
        "topic": topic,
        "state": changed.state,
        "reason": changed.reason,
        "time": moment(changed.at_us),
        "body": event_data_of(topic, changed),
    }
    return TriggerEvent(cause=cause, at_us=changed.at_us, content=content, device_id=changed.device_id)


def of_hook(cause: str, called: HookCalled) -> TriggerEvent:
    """A client called a rule's hook."""
    content = {"topic": HOOK_CALLED, "time": moment(called.at_us), "body": called.body}
    return TriggerEvent(cause=cause, at_us=called.at_us, content=content, chain=called.chain)


def of_event(cause: str, topic: str, body: dict[str, Any], at_us: int) -> TriggerEvent:
    """An event with its body from the outbox. It occurred at the time in the body, or else at `at_us`.

    Expressions see the data that webhooks send.
    """
    occurred_us = body.get("at_us")
    at_us = occurred_us if isinstance(occurred_us, int) else at_us
    content = {"topic": topic, "time": moment(at_us), "body": event_data(topic, body)}
    device_id = body.get("device_id")
    return TriggerEvent(
        cause=cause,
        at_us=at_us,
        content=content,
        device_id=DeviceId(device_id) if isinstance(device_id, int) else None,
        chain=tuple(RuleId(one) for one in body.get("chain", ())),
    )


def deleted_part(found: TriggerEvent) -> dict[str, Any] | None:
    """The variable `device` for an event of a device that was deleted since: what the event states about it."""
    body = found.content.get("body")
    if found.device_id is None or not isinstance(body, dict):
        return None
    name = body.get("name", "") if found.content["topic"].startswith("device.") else body.get("device_name", "")
    return {"id": encode(Prefix.DEVICE, found.device_id), "name": name, "type": "", "labels": {}, "identifiers": {}}


def context_of(
    one: Armed, found: TriggerEvent, org_id: OrgId, device: Mapping[str, Any] | None, remembered: Mapping[str, Any], now_us: int
) -> EvaluationContext:
    """The evaluation context of a rule. `remembered` are the device's last values and windows, if the rule uses them."""
    parts: dict[str, Any] = {"event": cut(found.content), "now": moment(now_us), **remembered}
    parts["rule"] = {"id": encode(Prefix.RULE, one.rule.id), "name": one.rule.name, "version": one.version.number}
    if device is not None:
        parts["device"] = device
    if isinstance(one.trigger, HookTrigger):
        parts["hook"] = cut({"body": found.content["body"]})
    return EvaluationContext(
        org_id=org_id,
        cause=found.cause,
        device_id=found.device_id,
        at_us=found.at_us,
        arrived_us=now_us,
        parts=parts,
        chain=found.chain,
    )
