"""The stored history other than readings, for rehearsals: times of schedules, connectivity, events, calls of hooks.

Schedules are computed, connectivity and alerts have their own history, and changes of devices are in the audit log. Calls of
hooks are stored only with the runs that they caused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from penstock.core.alerts.conditions import Condition
from penstock.core.alerts.events import ACKNOWLEDGED, CLEARED, ESCALATED, RAISED, alert_moved
from penstock.core.alerts.models import Occurrence, OccurrenceFilter
from penstock.core.audit.models import AuditEntry, AuditFilter
from penstock.core.audit.models import Outcome as AuditOutcome
from penstock.core.database import OrganizationDatabase
from penstock.core.devices import audited, events
from penstock.core.devices.connectivity import TOPICS as CONNECTIVITY_TOPICS
from penstock.core.devices.connectivity import ConnectivityChange, ConnectivityChanged, HasConnectivity
from penstock.core.rules.compiling import next_due
from penstock.core.rules.definition import ConnectivityTrigger, EventTrigger, HookTrigger, ReadingTrigger, ScheduleTrigger
from penstock.core.rules.engine import Armed, concerns_state, concerns_topic
from penstock.core.rules.errors import RehearsalImpossible
from penstock.core.rules.models import HookCalled, RunFilter
from penstock.core.rules.store import RuleTransaction
from penstock.core.rules.trigger_events import TriggerEvent, of_connectivity, of_event, of_hook, of_schedule
from penstock.core.telemetry.models import TimeRange
from penstock.kit.ids import MAX_ID, AlertId, AuditSeq, DeviceId, EventId, Prefix, decode

ROWS = 1_000
MAX_HAPPENINGS = 100_000
"""How many events one rehearsal evaluates, in addition to readings."""
_OF_AUDIT = {
    audited.CREATED: events.CREATED,
    audited.UPDATED: events.UPDATED,
    audited.PAUSED: events.UPDATED,
    audited.RESUMED: events.UPDATED,
    audited.REKEYED: events.TOKEN_REGENERATED,
    audited.DELETED: events.DELETED,
}
_OF_ALERTS = (RAISED, ACKNOWLEDGED, ESCALATED, CLEARED)
KEPT = (*CONNECTIVITY_TOPICS.values(), *_OF_ALERTS, *dict.fromkeys(_OF_AUDIT.values()))
"""Topics of events that have a history."""


class HistoryTransaction(RuleTransaction, HasConnectivity, Protocol):
    """The stores with history."""


class RuleHistory:
    """Finds the events that a rule would have evaluated in a range of time."""

    def __init__(self, database: OrganizationDatabase[HistoryTransaction]) -> None:
        self._database = database

    async def of(self, one: Armed, span: TimeRange) -> tuple[list[TriggerEvent], str]:
        """The events in order, without readings, and a note on the missing ones: empty if none are missing.

        Raises:
            RehearsalImpossible: no history of them is stored, or there are too many.
        """
        async with self._database.snapshot(one.rule.org_id) as tx:
            match one.trigger:
                case ReadingTrigger():
                    return [], ""
                case ScheduleTrigger():
                    return _limited(list(_times(one, span))), ""
                case HookTrigger():
                    return await _calls(tx, one, span), "only hook calls that caused a run are stored and rehearsed"
                case ConnectivityTrigger():
                    changes = [change for change in await _changes(tx, span) if concerns_state(one, change.state.value)]
                    return [of_connectivity(f"connectivity:{change.id}", _changed(change)) for change in changes], ""
                case EventTrigger(topics=topics):
                    return await _events(tx, one, topics, span)


def _times(one: Armed, span: TimeRange) -> Iterator[TriggerEvent]:
    devices: list[DeviceId | None] = [*sorted(one.compiled.device_ids)] or [None]
    # `next_due` excludes its argument, but the start of the range belongs to it.
    due_us, count = next_due(one.trigger, span.from_us - 1), 0
    while due_us is not None and due_us < span.to_us and count <= MAX_HAPPENINGS:
        yield from (of_schedule(due_us, device_id) for device_id in devices)
        count += len(devices)
        due_us = next_due(one.trigger, due_us)


async def _calls(tx: HistoryTransaction, one: Armed, span: TimeRange) -> list[TriggerEvent]:
    found: list[TriggerEvent] = []
    before_id = MAX_ID
    query = RunFilter(rule_id=one.rule.id, from_us=span.from_us, to_us=span.to_us)
    while runs := await tx.rule_runs.list(query, ROWS, before_id):
        for run in runs:
            kept = run.inputs.get("hook", run.inputs.get("event"))
            if run.cause.startswith("event:") and isinstance(kept, dict) and "body" in kept:
                called = HookCalled(rule_id=one.rule.id, call_id=EventId(0), body=kept["body"], at_us=run.at_us)
                found.append(of_hook(run.cause, called))
        before_id = runs[-1].id
    if not found:
        raise RehearsalImpossible(reason="hook calls are stored with the runs that they caused, and the rule has none")
    return _limited(found)[::-1]


async def _changes(tx: HistoryTransaction, span: TimeRange) -> list[ConnectivityChange]:
    found: list[ConnectivityChange] = []
    while some := await tx.connectivity.between(span.from_us, span.to_us, found[-1].id if found else 0, ROWS):
        found += some
        if len(found) > MAX_HAPPENINGS:
            raise RehearsalImpossible(reason=f"there were more than {MAX_HAPPENINGS:,} changes of connectivity")
    return found


async def _events(tx: HistoryTransaction, one: Armed, topics: Sequence[str], span: TimeRange) -> tuple[list[TriggerEvent], str]:
    lost = [pattern for pattern in topics if not any(_names(pattern, topic) for topic in KEPT)]
    if len(lost) == len(topics):
        raise RehearsalImpossible(reason=f"these events have no stored history: {', '.join(lost)}"[:300])
    found: list[tuple[int, str, str, msgspec.Struct]] = []  # when, cause, topic, body
    if any(concerns_topic(one, topic) for topic in CONNECTIVITY_TOPICS.values()):
        for change in await _changes(tx, span):
            found.append((change.at_us, f"connectivity:{change.id}", CONNECTIVITY_TOPICS[change.state], _changed(change)))
    if any(concerns_topic(one, topic) for topic in _OF_ALERTS):
        found += await _alerts(tx, span)
    if any(concerns_topic(one, topic) for topic in _OF_AUDIT.values()):
        found += await _devices(tx, span)
    trigger_events = [
        of_event(cause, topic, msgspec.to_builtins(body), at_us)
        for at_us, cause, topic, body in sorted(found, key=lambda row: row[:3])
        if concerns_topic(one, topic)
    ]
    return _limited(trigger_events), f"these events have no stored history: {', '.join(lost)}"[:300] if lost else ""


async def _alerts(tx: HistoryTransaction, span: TimeRange) -> list[tuple[int, str, str, msgspec.Struct]]:
    found: list[tuple[int, str, str, msgspec.Struct]] = []
    conditions: dict[AlertId, Condition | None] = {}
    before_id: int | None = None
    # Without a lower bound: what was raised before the range may have been acknowledged or cleared in it.
    while some := await tx.occurrences.list(OccurrenceFilter(to_us=span.to_us), ROWS, before_id):
        for one in some:
            if one.alert_id not in conditions:
                alert = await tx.alerts.find(one.alert_id)
                conditions[one.alert_id] = alert.condition if alert else None
            device = await tx.devices.find(one.device_id)
            condition = conditions[one.alert_id]
            if condition is not None:
                found += _moves(one, device.name if device else one.device_name, condition, span)
        before_id = some[-1].id
        if len(found) > MAX_HAPPENINGS:
            break
    return found


def _moves(
    one: Occurrence, device_name: str, condition: Condition, span: TimeRange
) -> Iterator[tuple[int, str, str, msgspec.Struct]]:
    """The events of an occurrence, each with the state at that time."""
    open_ = msgspec.structs.replace(one, cleared_us=None, clear_time_us=None)
    fresh = msgspec.structs.replace(open_, acknowledged_us=None)
    moves: list[tuple[str, int, Occurrence, dict[str, object]]] = [(RAISED, one.raised_us, fresh, {})]
    moves += [(ESCALATED, at_us, fresh, {"step": step + 1}) for step, at_us in enumerate(one.escalations)]
    moves += [(ACKNOWLEDGED, one.acknowledged_us or 0, open_, {"by": one.acknowledged_by, "note": one.note})]
    reason = one.clear_reason.value if one.clear_reason else None
    moves += [(CLEARED, one.cleared_us or 0, one, {"reason": reason, "value": one.clear_value, "seq": one.clear_seq})]
    for topic, at_us, state, more in moves:
        if at_us and span.from_us <= at_us < span.to_us:
            yield at_us, f"{topic}:{one.id}", topic, alert_moved(state, device_name, condition, at_us, **more)


async def _devices(tx: HistoryTransaction, span: TimeRange) -> list[tuple[int, str, str, msgspec.Struct]]:
    found: list[tuple[int, str, str, msgspec.Struct]] = []
    query = AuditFilter(target_kind="device", outcome=AuditOutcome.SUCCESS, from_us=span.from_us, to_us=span.to_us)
    after_seq = AuditSeq(0)
    while some := await tx.audit.oldest(query, ROWS, after_seq):
        found += [row for entry in some if (row := _device_event(entry)) is not None]
        after_seq = some[-1].seq
        if len(found) > MAX_HAPPENINGS:
            break
    return found


def _device_event(entry: AuditEntry) -> tuple[int, str, str, msgspec.Struct] | None:
    topic, device_id = _OF_AUDIT.get(entry.action), decode(Prefix.DEVICE, entry.target.id)
    if topic is None or device_id is None:
        return None
    body = events.DeviceChanged(device_id=device_id, name=entry.target.name, at_us=entry.time_us)
    return entry.time_us, f"audit:{entry.seq}", topic, body


def _changed(change: ConnectivityChange) -> ConnectivityChanged:
    return ConnectivityChanged(
        device_id=change.device_id, state=change.state.value, reason=change.reason.value, at_us=change.at_us
    )


def _names(pattern: str, topic: str) -> bool:
    return topic == pattern or (pattern.endswith("*") and topic.startswith(pattern[:-1]))


def _limited(found: list[TriggerEvent]) -> list[TriggerEvent]:
    if len(found) > MAX_HAPPENINGS:
        raise RehearsalImpossible(reason=f"the range has more than {MAX_HAPPENINGS:,} events for this rule; shorten it")
    return found
