"""Converts meter alarms and their settings between wire structs and core models."""

from __future__ import annotations

import msgspec

from penstock.api.shared.decoding import body_id
from penstock.api.v2.meter_alarms import wire
from penstock.api.v2.ranges import parse_moment
from penstock.core.meter_alarms.models import Alarm, AlarmFilter, AlarmKind, AlarmState
from penstock.core.meter_alarms.service import WatchedSettings
from penstock.core.meter_alarms.settings import AlarmSettings
from penstock.core.meter_alarms.wording import message_of
from penstock.kit.clock import format_time, format_time_or_none
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted
from penstock.kit.ids import Prefix, encode


def to_core_filter(query: wire.MeterAlarmQuery) -> AlarmFilter:
    from_us = converted(query.from_, lambda text: parse_moment(text, "from"))
    to_us = converted(query.to, lambda text: parse_moment(text, "to"))
    if from_us is not None and to_us is not None and from_us > to_us:
        raise InvalidInput.field("to", "must not be before from")
    return AlarmFilter(
        device_id=converted(query.device_id, lambda text: body_id(Prefix.DEVICE, text, "device_id")),
        customer_id=converted(query.customer_id, lambda text: body_id(Prefix.CUSTOMER, text, "customer_id")),
        kind=converted(query.kind, AlarmKind),
        state=converted(query.state, AlarmState),
        from_us=from_us,
        to_us=to_us,
    )


def to_core_own_filter(query: wire.OwnMeterAlarmQuery) -> AlarmFilter:
    return AlarmFilter(
        device_id=converted(query.device_id, lambda text: body_id(Prefix.DEVICE, text, "device_id")),
        kind=converted(query.kind, AlarmKind),
        state=converted(query.state, AlarmState),
    )


def from_core_alarm(alarm: Alarm) -> wire.MeterAlarm:
    return wire.MeterAlarm(
        **msgspec.structs.asdict(from_core_own_alarm(alarm)),
        customer_id=converted(alarm.customer_id, lambda number: encode(Prefix.CUSTOMER, number)),
        resident_id=converted(alarm.resident_id, lambda number: encode(Prefix.RESIDENT, number)),
        register=alarm.register or None,
        opened_at=format_time(alarm.opened_us),
        closed_at=format_time_or_none(alarm.closed_us),
        end_reason=alarm.end_reason.value if alarm.end_reason else None,
        field=alarm.field,
        acknowledged_at=format_time_or_none(alarm.acknowledged_us),
        acknowledged_by=alarm.acknowledged_by,
        note=alarm.note,
    )


def from_core_own_alarm(alarm: Alarm) -> wire.OwnMeterAlarm:
    return wire.OwnMeterAlarm(
        id=encode(Prefix.METER_ALARM, alarm.id),
        device_id=encode(Prefix.DEVICE, alarm.device_id),
        device_name=alarm.device_name,
        kind=alarm.kind.value,
        state=alarm.state.value,
        message=message_of(alarm),
        since=format_time(alarm.since_us),
        last_seen_at=format_time(alarm.last_us),
        until=format_time_or_none(alarm.until_us),
        value=alarm.value,
        threshold=alarm.threshold,
        unit=alarm.unit,
    )


def to_core_settings(settings: wire.AlarmSettings) -> AlarmSettings:
    return msgspec.convert(msgspec.to_builtins(settings), AlarmSettings)


def from_core_settings(found: WatchedSettings) -> wire.WatchedSettings:
    return wire.WatchedSettings(own=_shown(found.own), effective=_shown(found.effective))


def _shown(settings: AlarmSettings) -> wire.AlarmSettings:
    return msgspec.convert(msgspec.to_builtins(settings), wire.AlarmSettings)
