"""Converts alerts between wire structs and core models. All functions are pure."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.api.shared.decoding import body_id
from penstock.api.v2.alerts import wire
from penstock.api.v2.evaluation_errors import from_core_errors
from penstock.core.alerts import actions, conditions, models
from penstock.core.alerts.previews import Preview
from penstock.core.alerts.snoozes import Snoozes
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.notifications.hours import ActiveHours
from penstock.core.notifications.models import Severity
from penstock.kit.clock import SECOND_US, format_time, format_time_or_none
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in, same_fields
from penstock.kit.ids import DeviceId, Prefix, encode

_IN_SECONDS = {"for_s": "for_us", "max_gap_s": "max_gap_us", "cooldown_s": "cooldown_us", "auto_clear_s": "auto_clear_us"}


def to_core_severity(word: str | None) -> Severity | None:
    """Accepts Penstock's three words, and the scale of high, medium and low."""
    return None if word is None else models.severity_of(word)


def to_core_alert(new: wire.AlertCreate) -> models.NewAlert:
    return models.NewAlert(**_to_core_fields({name: getattr(new, name) for name in new.__struct_fields__}))


def to_core_previewed(sent: wire.AlertPreview, device_id: DeviceId) -> models.NewAlert:
    """The definition of a preview, without name and actions."""
    outside = ("device_id", "from_", "to", "range")
    fields = _to_core_fields({name: getattr(sent, name) for name in sent.__struct_fields__ if name not in outside})
    return models.NewAlert(name="", target=models.Target(devices=(device_id,)), **fields)


def to_core_patch(patch: wire.AlertPatch) -> models.AlertPatch:
    changes = changes_in(patch)
    return models.AlertPatch(**_to_core_fields(changes))


def _to_core_fields(fields: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _IN_SECONDS:
            found[_IN_SECONDS[name]] = None if value is None else value * SECOND_US
        elif name == "active_hours":
            found["hours"] = None if value is None else _to_core_hours(value)
        elif name in _TO_CORE and value is not None:
            found[name] = _TO_CORE[name](value)
        else:
            found[name] = value
    return found


def _to_core_target(target: wire.Target) -> models.Target:
    named = [target.devices is not None, target.project_id is not None, target.labels is not None, target.all]
    # Empty lists and labels are rejected too: they would select nothing, or, as labels, every device.
    if named.count(True) != 1 or target.devices == [] or target.labels == {}:
        raise InvalidInput.field("target", "must have exactly one of devices, project_id, labels and all")
    return models.Target(
        devices=tuple(
            dict.fromkeys(body_id(Prefix.DEVICE, one, f"target.devices[{at}]") for at, one in enumerate(target.devices or []))
        ),
        project_id=body_id(Prefix.PROJECT, target.project_id, "target.project_id") if target.project_id else None,
        labels=target.labels or {},
        all=target.all,
    )


def _to_core_condition(condition: wire.Condition) -> conditions.Condition:
    match condition:
        case wire.NoData(after_s=after_s):
            return conditions.NoData(after_us=after_s * SECOND_US)
        case wire.RateOfChange(field=field, operator=operator, value=rate, per_s=per_s):
            return conditions.RateOfChange(field, operator, _pair(rate), per_s * SECOND_US)
        case wire.Threshold(field=field, operator=operator, value=value):
            return conditions.Threshold(field, operator, _pair(value))
        case wire.ValueChange(field=field, by=by):
            return conditions.ValueChange(field, by)
        case wire.Connectivity(state=state):
            return conditions.ConnectivityIs(state)
        case wire.Expression(expression=expression):
            return conditions.Expression(expression)
        case wire.Geofence():
            return _to_core_fence(condition)


def _to_core_fence(fence: wire.Geofence) -> conditions.Geofence:
    corners = [*fence.polygon, *([fence.center] if fence.center else [])]
    # The bounds differ by position in the pair, which a wire struct cannot state.
    if any(abs(latitude) > 90 or abs(longitude) > 180 for latitude, longitude in corners):
        raise InvalidInput.field("condition", "points must be [latitude, longitude] in degrees")
    return conditions.Geofence(
        when=fence.when,
        center=(fence.center[0], fence.center[1]) if fence.center else None,
        radius_m=fence.radius_m,
        polygon=tuple((corner[0], corner[1]) for corner in fence.polygon),
        latitude_field=fence.latitude_field,
        longitude_field=fence.longitude_field,
    )


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _to_core_hours(hours: wire.ActiveHours) -> ActiveHours:
    return ActiveHours(
        time_zone=hours.time_zone,
        days=tuple(sorted(set(hours.days))),
        from_minute=_minute(hours.from_),
        to_minute=_minute(hours.to),
    )


def _minute(text: str) -> int:
    # The wire struct has checked the form, so this cannot fail.
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _to_core_actions(requested: list[wire.Action], field: str = "actions") -> tuple[actions.Action, ...]:
    return tuple(_to_core_action(one, f"{field}[{at}]") for at, one in enumerate(requested))


def _to_core_action(action: wire.Action, field: str) -> actions.Action:
    match action:
        case wire.WebhookAction(on_clear=on_clear):
            return actions.WebhookAction(on_clear)
        case wire.EmailAction(to=to, on_clear=on_clear, subject=subject, text=text):
            # Repeated addresses are removed, so that no one receives a mail twice.
            return actions.EmailAction(tuple(dict.fromkeys(to)), on_clear, subject, text)
        case wire.SmsAction(to=to, on_clear=on_clear, text=text):
            return actions.SmsAction(tuple(dict.fromkeys(to)), on_clear, text)
        case wire.ChatAction(channel=channel, on_clear=on_clear, text=text):
            return actions.ChatAction(channel, on_clear, text)
        case wire.CommandAction():
            return actions.CommandAction(
                definition_id=body_id(Prefix.DEFINITION, action.definition_id, f"{field}.definition_id"),
                device_id=body_id(Prefix.DEVICE, action.device_id, f"{field}.device_id") if action.device_id else None,
                parameters=action.parameters,
                on_clear=action.on_clear,
            )


def _to_core_steps(requested: list[wire.EscalationStep]) -> tuple[actions.EscalationStep, ...]:
    return tuple(
        actions.EscalationStep(one.after_s * SECOND_US, _to_core_actions(one.actions, f"escalation[{at}].actions"))
        for at, one in enumerate(requested)
    )


_TO_CORE: dict[str, Any] = {
    "target": _to_core_target,
    "condition": _to_core_condition,
    "severity": to_core_severity,
    "n_of_m": lambda value: models.NOfM(value.n, value.m),
    "actions": _to_core_actions,
    "escalation": _to_core_steps,
}


def from_core_alert(alert: models.Alert, errors: EvaluationErrors, snoozes: Snoozes) -> wire.Alert:
    snooze = snoozes.of_alert(alert.id)
    return wire.Alert(
        **same_fields(alert, wire.Alert),
        id=encode(Prefix.ALERT, alert.id),
        target=_from_core_target(alert.target),
        condition=_from_core_condition(alert.condition),
        severity=alert.severity.value,
        for_s=alert.for_us // SECOND_US,
        max_gap_s=_seconds(alert.max_gap_us),
        n_of_m=None if alert.n_of_m is None else wire.NOfM(alert.n_of_m.n, alert.n_of_m.m),
        active_hours=None if alert.hours is None else _from_core_hours(alert.hours),
        cooldown_s=alert.cooldown_us // SECOND_US,
        auto_clear_s=_seconds(alert.auto_clear_us),
        actions=[_from_core_action(one) for one in alert.actions],
        escalation=[
            wire.EscalationStep(step.after_us // SECOND_US, [_from_core_action(one) for one in step.actions])
            for step in alert.escalation
        ],
        last_raised_at=format_time_or_none(alert.last_raised_us),
        snoozed_until=format_time(snooze.until_us) if snooze else None,
        snoozed_by=snooze.created_by if snooze else None,
        evaluation_errors=from_core_errors(errors.of(alert.org_id, Use.ALERT, alert.id)),
        created_at=format_time(alert.created_us),
        updated_at=format_time(alert.updated_us),
    )


def _from_core_target(target: models.Target) -> wire.Target:
    return wire.Target(
        devices=[encode(Prefix.DEVICE, one) for one in target.devices] or None,
        project_id=None if target.project_id is None else encode(Prefix.PROJECT, target.project_id),
        labels=target.labels or None,
        all=target.all,
    )


def _from_core_condition(condition: conditions.Condition) -> wire.ShownCondition:
    match condition:
        case conditions.RaisedByRule(rule_id=rule_id, name=name):
            return wire.RaisedByRule(encode(Prefix.RULE, rule_id), name)
        case conditions.NoData(after_us=after_us):
            return wire.NoData(after_us // SECOND_US)
        case conditions.RateOfChange(field=field, operator=operator, value=rate, per_us=per_us):
            return wire.RateOfChange(field, operator, _listed(rate), per_us // SECOND_US)
        case conditions.Threshold(field=field, operator=operator, value=value):
            return wire.Threshold(field, operator, _listed(value))
        case conditions.ValueChange(field=field, by=by):
            return wire.ValueChange(field, by)
        case conditions.ConnectivityIs(state=state):
            return wire.Connectivity(state)
        case conditions.Expression(expression=expression):
            return wire.Expression(expression)
        case conditions.Geofence():
            return wire.Geofence(
                when=condition.when,
                center=list(condition.center) if condition.center else None,
                radius_m=condition.radius_m,
                polygon=[list(corner) for corner in condition.polygon],
                latitude_field=condition.latitude_field,
                longitude_field=condition.longitude_field,
            )


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _from_core_hours(hours: ActiveHours) -> wire.ActiveHours:
    begin, end = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in (hours.from_minute, hours.to_minute)]
    return wire.ActiveHours(time_zone=hours.time_zone, days=list(hours.days), from_=begin, to=end)


def _from_core_action(action: actions.Action) -> wire.Action:
    fields = {name: _listed(getattr(action, name)) for name in action.__struct_fields__}
    if isinstance(action, actions.CommandAction):
        fields["definition_id"] = encode(Prefix.DEFINITION, action.definition_id)
        fields["device_id"] = None if action.device_id is None else encode(Prefix.DEVICE, action.device_id)
    shown: wire.Action = msgspec.convert(fields | {"type": actions.name_of(action)}, wire.Action)
    return shown


def to_core_filter(query: wire.AlertQuery) -> models.AlertFilter:
    return models.AlertFilter(
        status=models.AlertStatus(query.status) if query.status else None,
        severity=to_core_severity(query.severity),
        device_id=body_id(Prefix.DEVICE, query.device_id, "device_id") if query.device_id else None,
        project_id=body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None,
        text=query.text,
    )


def from_core_preview(found: Preview) -> wire.AlertPreviewed:
    return wire.AlertPreviewed(
        from_=format_time(found.span.from_us),
        to=format_time(found.span.to_us),
        evaluated_to=format_time(found.evaluated_to_us),
        readings=found.readings,
        raised=found.raised,
        suppressed=found.suppressed,
        times=[
            wire.WouldBeRaised(
                raised_at=format_time(one.raised_us),
                value=one.value,
                cleared_at=format_time_or_none(one.cleared_us),
                clear_reason=one.clear_reason.value if one.clear_reason else None,
                clear_value=one.clear_value,
            )
            for one in found.times
        ],
        evaluation_errors=from_core_errors(found.errors),
    )


def _seconds(us: int | None) -> int | None:
    return None if us is None else us // SECOND_US
