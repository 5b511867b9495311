"""Converts readings and ranges between core models and wire structs."""

from __future__ import annotations

import msgspec

from penstock.api.v2.telemetry.wire import Range, Reading
from penstock.core.telemetry.fields import pick, pick_array
from penstock.core.telemetry.models import EffectiveRange
from penstock.core.telemetry.models import Reading as CoreReading
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode


def from_core_reading(reading: CoreReading, fields: tuple[str, ...] = ()) -> Reading:
    data: msgspec.Raw | dict[str, object] = msgspec.Raw(reading.payload)
    if fields:
        payload = msgspec.json.decode(reading.payload)
        # Keys of sensors are dot paths into the payload, so that nested values can be selected.
        # With arrays: they are not sensors, but a requested value must not be missing from the response.
        data = {field: value for field in fields if (value := _value(payload, field)) is not None}
    return Reading(
        encode(Prefix.READING, reading.seq),
        reading.seq,
        encode(Prefix.DEVICE, reading.device_id),
        format_time(reading.time_us),
        format_time(reading.received_us),
        reading.kind,
        reading.channel,
        reading.backfill,
        data,
    )


def _value(payload: dict[str, object], field: str) -> object:
    scalar = pick(payload, field)
    return pick_array(payload, field) if scalar is None else scalar


def from_core_range(span: EffectiveRange) -> Range:
    return Range(
        requested_from=format_time(span.requested.from_us),
        requested_to=format_time(span.requested.to_us),
        from_=format_time(span.effective.from_us),
        to=format_time(span.effective.to_us),
        retention_days=span.retention_days,
    )
