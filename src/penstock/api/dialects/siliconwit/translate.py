"""Converts between SiliconWit's structs and core models: pure functions, a pair per resource."""

from __future__ import annotations

import msgspec

from penstock.api.dialects.siliconwit import wire
from penstock.core.alerts import conditions
from penstock.core.alerts.actions import name_of
from penstock.core.alerts.models import Alert, Firing
from penstock.core.devices.models import Device, DeviceFilter, DeviceStatus
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.core.tenancy.models import ApiKey, KeyStatus, Plan
from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US, format_seconds, format_seconds_or_none
from penstock.kit.ids import DeviceId, Prefix, encode, text_of

UNLIMITED_DAYS = 36_500
"""Unlimited retention: the vendor's field is an integer and never null, so a century is returned."""
UNLIMITED_DEVICES = 2_147_483_647
"""An unlimited number of devices: the largest integer that every client can represent."""

_SPANS_US: dict[wire.RangeWord, int] = {
    "1h": HOUR_US,
    "6h": 6 * HOUR_US,
    "24h": DAY_US,
    "7d": 7 * DAY_US,
    "30d": 30 * DAY_US,
}


def to_core_filter(query: wire.DevicesQuery) -> DeviceFilter:
    return DeviceFilter(status=DeviceStatus(query.status) if query.status else None)


def shortened(requested: wire.RangeWord, retention_days: int | None) -> wire.RangeWord:
    """The longest range word that exceeds neither the requested one nor the plan's retention."""
    kept_us = _SPANS_US[requested] if retention_days is None else retention_days * DAY_US
    fitting: list[wire.RangeWord] = [word for word, span_us in _SPANS_US.items() if span_us <= min(_SPANS_US[requested], kept_us)]
    # The table is in ascending order, so the last is the longest.
    return fitting[-1] if fitting else "1h"


def to_core_range(word: wire.RangeWord, now_us: int) -> TimeRange:
    """The range that ends now. It includes the current microsecond, although its end is excluded."""
    return TimeRange(from_us=now_us + 1 - _SPANS_US[word], to_us=now_us + 1)


def to_core_history(device_id: DeviceId, span: TimeRange, limit: int) -> HistoryQuery:
    return HistoryQuery(device_id=device_id, range=span, descending=True, limit=limit)


def from_core_device(device: Device) -> wire.Device:
    return wire.Device(
        id=encode(Prefix.DEVICE, device.id),
        name=device.name,
        type=device.type,
        description=device.description,
        status=device.status,
        settings=device.settings,
        last_seen=format_seconds_or_none(device.last_seen_us),
        created_at=format_seconds(device.created_us),
        updated_at=format_seconds(device.updated_us),
    )


def from_core_reading(reading: Reading) -> wire.Reading:
    return wire.Reading(encode(Prefix.READING, reading.seq), format_seconds(reading.time_us), msgspec.Raw(reading.payload))


def from_core_alert(alert: Alert, repeated_us: int | None) -> wire.Alert:
    """An alert, and when it last fired again, if it did. The vendor's `device_id` cannot hold several devices."""
    devices = alert.target.devices
    return wire.Alert(
        id=encode(Prefix.ALERT, alert.id),
        device_id=encode(Prefix.DEVICE, devices[0]) if len(devices) == 1 else None,
        name=alert.name,
        condition=_from_core_condition(alert.condition),
        actions=list(dict.fromkeys(name_of(one) for one in alert.actions)),
        severity=alert.severity.value,
        enabled=alert.enabled,
        cooldown=alert.cooldown_us // SECOND_US,
        last_triggered=format_seconds_or_none(max(alert.last_raised_us or 0, repeated_us or 0) or None),
        created_at=format_seconds(alert.created_us),
        updated_at=format_seconds(alert.updated_us),
    )


def _from_core_condition(condition: conditions.Condition) -> wire.Condition:
    """The vendor documents thresholds only; the other types of its console are returned in the same three fields."""
    match condition:
        case conditions.Threshold(field=field, operator=operator, value=value):
            return wire.Condition(field, operator, _bounds(value))
        case conditions.RateOfChange(field=field, operator=operator, value=rate):
            return wire.Condition(field, f"rate {operator}", _bounds(rate))
        case conditions.ValueChange(field=field, by=by):
            return wire.Condition(field, "change", by)
        case conditions.NoData(after_us=after_us):
            return wire.Condition("last_seen", "no_data", after_us // SECOND_US)
        case conditions.ConnectivityIs(state=state):
            return wire.Condition("status", "==", state)
        case conditions.Geofence(when=when, radius_m=radius_m):
            return wire.Condition("location", when, radius_m)
        case conditions.Expression(expression=expression):
            return wire.Condition("expression", "==", expression)
        case conditions.RaisedByRule(rule_id=rule_id):
            return wire.Condition("rule", "==", encode(Prefix.RULE, rule_id))


def _bounds(value: float | bool | str | tuple[float, float]) -> float | bool | str | list[float]:
    return list(value) if isinstance(value, tuple) else value


def from_core_firing(found: Firing) -> wire.AlertEvent:
    return wire.AlertEvent(
        id=text_of(Prefix.EVENT, found.id),
        device_id=encode(Prefix.DEVICE, found.device_id),
        condition_value=found.value,
        severity=found.severity.value,
        acknowledged=found.acknowledged_us is not None,
        acknowledged_at=format_seconds_or_none(found.acknowledged_us),
        triggered_at=format_seconds(found.fired_us),
    )


def from_core_retention(days: int | None) -> int:
    return UNLIMITED_DAYS if days is None else days


def from_core_plan(name: str, plan: Plan, period: tuple[int, int]) -> wire.PlanUsage:
    return wire.PlanUsage(
        plan=name,
        status="active",
        device_limit=_device_limit(plan),
        data_retention_days=from_core_retention(plan.retention_days),
        current_period_start=format_seconds(period[0]),
        current_period_end=format_seconds(period[1]),
    )


def from_core_device_counts(active: int, paused: int, plan: Plan) -> wire.DeviceUsage:
    return wire.DeviceUsage(total=active + paused, active=active, paused=paused, limit=_device_limit(plan))


def from_core_key(key: ApiKey, now_us: int) -> wire.Key:
    """A key. The vendor has no expiry, so an expired key is shown as revoked at that time: it no longer works."""
    over_us = key.expires_us if key.status(now_us) is KeyStatus.EXPIRED else key.revoked_us
    return wire.Key(
        id=encode(Prefix.KEY, key.id),
        key_prefix=key.prefix,
        name=key.name,
        last_used_at=format_seconds_or_none(key.last_used_us),
        created_at=format_seconds(key.created_us),
        revoked_at=format_seconds_or_none(over_us),
    )


def _device_limit(plan: Plan) -> int:
    return UNLIMITED_DEVICES if plan.device_limit is None else plan.device_limit
