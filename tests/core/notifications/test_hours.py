"""Active hours on the clocks of time zones, also on the days on which they are set."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from penstock.core.notifications.hours import ActiveHours, next_opening, open_at
from penstock.kit.errors import InvalidInput

BRUSSELS = "Europe/Brussels"


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


OFFICE = ActiveHours(time_zone=BRUSSELS, days=(1, 2, 3, 4, 5), from_minute=8 * 60, to_minute=18 * 60)
NIGHT = ActiveHours(time_zone=BRUSSELS, days=(6,), from_minute=22 * 60, to_minute=6 * 60)
EARLY = ActiveHours(time_zone=BRUSSELS, from_minute=150, to_minute=160)


@pytest.mark.parametrize(
    ("hours", "moment", "is_open", "opens"),
    [
        (None, "2026-05-02T12:00", True, "2026-05-02T12:00"),
        (OFFICE, "2026-05-04T05:59", False, "2026-05-04T06:00"),  # summer: 08:00 is 06:00 UTC
        (OFFICE, "2026-05-04T06:00", True, "2026-05-04T06:00"),
        (OFFICE, "2026-05-04T15:59", True, "2026-05-04T15:59"),
        (OFFICE, "2026-05-04T16:00", False, "2026-05-05T06:00"),
        (OFFICE, "2026-05-01T17:00", False, "2026-05-04T06:00"),  # over the weekend
        (OFFICE, "2026-12-01T06:30", False, "2026-12-01T07:00"),  # winter
        (OFFICE, "2026-03-27T17:30", False, "2026-03-30T06:00"),  # the clock goes forward in between
        (OFFICE, "2026-10-23T16:30", False, "2026-10-26T07:00"),  # and back
        (NIGHT, "2026-05-02T21:00", True, "2026-05-02T21:00"),
        (NIGHT, "2026-05-03T03:59", True, "2026-05-03T03:59"),
        (NIGHT, "2026-05-03T04:00", False, "2026-05-09T20:00"),
        (NIGHT, "2026-05-02T03:00", False, "2026-05-02T20:00"),  # the morning belongs to Friday's night
        (EARLY, "2026-03-28T23:00", False, "2026-03-30T00:30"),  # 02:30 does not exist on the 29th
        (EARLY, "2026-10-25T00:35", True, "2026-10-25T00:35"),  # and exists twice on the 25th
        (EARLY, "2026-10-25T01:35", True, "2026-10-25T01:35"),
        (ActiveHours(time_zone="UTC", days=(7,)), "2026-05-02T23:59", False, "2026-05-03T00:00"),
    ],
)
def test_open_and_next(hours: ActiveHours | None, moment: str, is_open: bool, opens: str) -> None:
    assert open_at(hours, us(moment)) is is_open
    assert next_opening(hours, us(moment)) == us(opens)


def test_no_such_zone() -> None:
    with pytest.raises(InvalidInput):
        open_at(ActiveHours(time_zone="Mars/Base"), us("2026-05-02T12:00"))
