"""Converts alert events, snoozes and maintenance between wire structs and core models. All functions are pure."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.api.shared.decoding import body_id
from penstock.api.v2.alerts import event_wire as wire
from penstock.api.v2.alerts.translate import to_core_severity
from penstock.api.v2.ranges import parse_moment
from penstock.core.alerts import models
from penstock.core.alerts.events import state_of
from penstock.core.alerts.snoozes import SnoozeRequest, Snoozes
from penstock.core.notifications.models import Severity
from penstock.kit.clock import SECOND_US, format_time, format_time_or_none
from penstock.kit.fields import converted, same_fields
from penstock.kit.ids import DeviceId, Prefix, Seq, encode


def to_core_event_filter(query: wire.EventQuery) -> models.OccurrenceFilter:
    return models.OccurrenceFilter(
        alert_id=body_id(Prefix.ALERT, query.alert_id, "alert_id") if query.alert_id else None,
        device_id=body_id(Prefix.DEVICE, query.device_id, "device_id") if query.device_id else None,
        project_id=body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None,
        severity=to_core_severity(query.severity),
        state=models.OccurrenceState(query.state) if query.state else None,
        from_us=parse_moment(query.from_, "from") if query.from_ else None,
        to_us=parse_moment(query.to, "to") if query.to else None,
    )


def from_core_event(found: models.Occurrence, snoozes: Snoozes) -> wire.AlertEvent:
    snooze = snoozes.of_device(found.alert_id, found.device_id)
    return wire.AlertEvent(
        **same_fields(found, wire.AlertEvent),
        id=encode(Prefix.EVENT, found.id),
        alert_id=encode(Prefix.ALERT, found.alert_id),
        device_id=encode(Prefix.DEVICE, found.device_id),
        severity=found.severity.value,
        state=state_of(found).value,
        reading_id=_reading(found.seq),
        time=format_time(found.time_us),
        raised_at=format_time(found.time_us),
        raised_received_at=format_time(found.raised_us),
        escalated_at=[format_time(at_us) for at_us in found.escalations],
        acknowledged_at=format_time_or_none(found.acknowledged_us),
        cleared_at=format_time_or_none(found.clear_time_us),
        cleared_received_at=format_time_or_none(found.cleared_us),
        clear_reason=found.clear_reason.value if found.clear_reason else None,
        clear_reading_id=_reading(found.clear_seq),
        rule_id=None if found.rule_id is None else encode(Prefix.RULE, found.rule_id),
        run_id=None if found.run_id is None else encode(Prefix.RUN, found.run_id),
        snoozed_until=format_time(snooze.until_us) if snooze else None,
    )


def from_core_snooze(found: models.Snooze) -> wire.Snooze:
    return wire.Snooze(
        alert_id=encode(Prefix.ALERT, found.alert_id),
        device_id=converted(found.device_id, lambda number: encode(Prefix.DEVICE, number)),
        until=format_time(found.until_us),
        note=found.note,
        snoozed_by=found.created_by,
        snoozed_at=format_time(found.created_us),
    )


def to_core_snooze(until: str | None, for_s: int | None, note: str) -> SnoozeRequest:
    return SnoozeRequest(
        until_us=None if until is None else parse_moment(until, "until"),
        for_us=None if for_s is None else for_s * SECOND_US,
        note=note,
    )


def from_core_counts(found: Sequence[models.OpenCount]) -> wire.Summary:
    acknowledged = sum(one.total for one in found if one.acknowledged)
    total = sum(one.total for one in found)
    of_severity = {name.value: sum(one.total for one in found if one.severity is name) for name in Severity}
    return wire.Summary(total, total - acknowledged, acknowledged, wire.BySeverity(**of_severity))


def from_core_maintenance(device_id: DeviceId, found: models.Maintenance | None) -> wire.Maintenance:
    return wire.Maintenance(
        device_id=encode(Prefix.DEVICE, device_id),
        active=found is not None,
        until=format_time_or_none(found.until_us) if found else None,
        reason=found.reason if found else "",
        created_by=found.created_by if found else None,
        created_at=format_time(found.created_us) if found else None,
    )


def _reading(seq: Seq | None) -> str | None:
    return None if seq is None else encode(Prefix.READING, seq)
