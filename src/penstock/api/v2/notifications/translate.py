"""Converts chat channels and quiet hours between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.notifications import wire
from penstock.core.notifications.hours import ActiveHours
from penstock.core.notifications.models import Channel, Quiet, Severity
from penstock.kit.clock import format_time, format_time_or_none
from penstock.kit.ids import Prefix, encode


def from_core_channel(channel: Channel) -> wire.Channel:
    return wire.Channel(
        id=encode(Prefix.CHANNEL, channel.id),
        name=channel.name,
        kind=channel.kind.value,
        target=channel.hint,
        secret_references={path: name for path, name in channel.secret_paths.items() if name},
        last_sent_at=format_time_or_none(channel.last_sent_us),
        failures=channel.failures,
        last_error=channel.last_error,
        last_error_at=format_time_or_none(channel.last_error_us),
        created_at=format_time(channel.created_us),
        updated_at=format_time(channel.updated_us),
    )


def to_core_quiet_hours(requested: wire.QuietHoursSet) -> Quiet:
    hours = ActiveHours(
        time_zone=requested.time_zone,
        days=tuple(sorted(set(requested.days))),
        from_minute=_minute(requested.from_),
        to_minute=_minute(requested.to),
    )
    return Quiet(hours=hours, breaks_through=None if requested.breaks_through is None else Severity(requested.breaks_through))


def from_core_quiet_hours(quiet: Quiet | None) -> wire.QuietHours:
    if quiet is None:
        return wire.QuietHours(False, None, None, None, [], None)
    hours = quiet.hours
    begin, end = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (hours.from_minute, hours.to_minute))
    through = None if quiet.breaks_through is None else quiet.breaks_through.value
    return wire.QuietHours(True, hours.time_zone, begin, end, list(hours.days), through)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
