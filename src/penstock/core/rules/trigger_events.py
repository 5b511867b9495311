"""Triggers other than readings: schedules, hooks, connectivity and events, and the variables that expressions get from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.core.devices.connectivity import TOPICS, ConnectivityChanged
from penstock.core.devices.models import Connectivity
from penstock.core.expressions.variables import cut, moment
from penstock.core.rules.contexts import EvaluationContext
from penstock.core.rules.definition import HookTrigger
from penstock.core.rules.engine import Armed
from penstock.core.rules.models import HOOK_CALLED, HookCalled
from penstock.kit.ids import DeviceId, OrgId, Prefix, RuleId, decode, encode

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
    content = {"topic": topic, "state": changed.state, "reason": changed.reason, "time": moment(changed.at_us)}
    return TriggerEvent(cause=cause, at_us=changed.at_us, content=content, device_id=changed.device_id)


def of_hook(cause: str, called: HookCalled) -> TriggerEvent:
    """A client called a rule's hook."""
    content = {"topic": HOOK_CALLED, "time": moment(called.at_us), "body": called.body}
    return TriggerEvent(cause=cause, at_us=called.at_us, content=content)


def of_event(cause: str, topic: str, body: Any, at_us: int) -> TriggerEvent:
    """An event with its body from the outbox."""
    content = {"topic": topic, "time": moment(at_us), "body": body}
    return TriggerEvent(cause=cause, at_us=at_us, content=content, device_id=_number(body, "device_id"), chain=_chain(body))


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


def _number(body: Any, name: str) -> DeviceId | None:
    """The device in an event's body: a number in internal events, an id in external ones."""
    found = body.get(name) if isinstance(body, dict) else None
    return decode(Prefix.DEVICE, found) if isinstance(found, str) else DeviceId(found) if isinstance(found, int) else None


def _chain(body: Any) -> tuple[RuleId, ...]:
    """The rules that led to an event, as recorded by the act that caused it."""
    found = body.get("chain") if isinstance(body, dict) else None
    return tuple(RuleId(one) for one in found if isinstance(one, int)) if isinstance(found, list) else ()
