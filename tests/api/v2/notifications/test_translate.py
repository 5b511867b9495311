"""Quiet hours between the clock on the wall and minutes of the day."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.api.v2.notifications import wire
from penstock.api.v2.notifications.translate import from_core_channel, from_core_quiet_hours, to_core_quiet_hours
from penstock.core.notifications.models import Channel, ChannelKind, Severity
from penstock.kit.ids import ChannelId, OrgId
from tests.support.days import NOON_US


def asked(**about: Any) -> wire.QuietHoursSet:
    return msgspec.convert({"time_zone": "Europe/Brussels", "from": "22:30", "to": "06:05"} | about, wire.QuietHoursSet)


@pytest.mark.parametrize(
    ("about", "minutes"), [({}, (1350, 365)), ({"from": "00:00", "to": "24:00"}, (0, 1440)), ({"to": "23:59"}, (1350, 1439))]
)
def test_hours_come_back_as_they_were_sent(about: dict[str, str], minutes: tuple[int, int]) -> None:
    quiet = to_core_quiet_hours(asked(**about))
    assert (quiet.hours.from_minute, quiet.hours.to_minute) == minutes
    shown = msgspec.to_builtins(from_core_quiet_hours(quiet))
    assert {"enabled": True, "from": "22:30", "to": "06:05", **about}.items() <= shown.items()


def test_days_are_kept_once_in_order_and_nothing_may_break_through() -> None:
    quiet = to_core_quiet_hours(asked(days=[7, 1, 7], breaks_through=None))
    assert (quiet.hours.days, quiet.breaks_through) == ((1, 7), None)
    assert to_core_quiet_hours(asked(breaks_through="warning")).breaks_through is Severity.WARNING


def test_whoever_has_none_is_shown_that() -> None:
    assert from_core_quiet_hours(None) == wire.QuietHours(False, None, None, None, [], None)


def test_of_a_channel_only_the_hint_is_shown() -> None:
    channel = Channel(
        id=ChannelId(1),
        org_id=OrgId(1),
        name="ops",
        kind=ChannelKind.TELEGRAM,
        secret_paths={"token": "the-bot", "chat": ""},
        hint="123:••• in -100",
        created_us=NOON_US,
        updated_us=NOON_US,
    )
    found = from_core_channel(channel)
    assert (found.target, found.kind, found.last_sent_at, found.last_error) == ("123:••• in -100", "telegram", None, None)
    assert found.secret_references == {"token": "the-bot"}
