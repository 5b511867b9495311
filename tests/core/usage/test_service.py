"""What was stored in the last day, and the period of a plan."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from penstock.bootstrap import DataDir, open_control
from penstock.core.actor import Actor
from penstock.core.limits.periods import month_of
from penstock.core.usage.models import DeviceHour
from penstock.core.usage.service import UsageService
from penstock.kit.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US, SystemClock
from penstock.settings import load_settings


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND_US


NOON_US = us("2026-05-02 12:00:00")


class Stopped(SystemClock):
    """A quarter past noon."""

    def now_us(self) -> int:
        return NOON_US + 15 * MINUTE_US


async def test_the_last_day_begins_at_a_whole_hour(tmp_path: Path) -> None:
    async with open_control(DataDir(tmp_path / "data"), load_settings(environment={}), Stopped()) as control:
        mine, theirs = [
            (await control.tenancy.bootstrap(name, f"{name}@example.org")).organization.id for name in ("mine", "theirs")
        ]
        usage = UsageService(control.database, Stopped())
        assert (await usage.last_day(Actor.system(mine))).data_points == 0
        for hour_us, count in ((NOON_US, 1), (NOON_US - DAY_US, 10), (NOON_US - DAY_US - HOUR_US, 100)):
            async with control.database.transaction(mine) as tx:
                row = DeviceHour(device_id=1, hour_us=hour_us, readings=count, data_points=2 * count, size_bytes=0)
                await tx.usage.add_devices([row])
        stored = await usage.last_day(Actor.system(mine))
        assert (stored.readings, stored.data_points) == (11, 22)
        assert (await usage.last_day(Actor.system(theirs))).readings == 0


@pytest.mark.parametrize(
    ("now", "begin", "end"),
    [
        ("2026-05-02 09:15:04", "2026-05-01", "2026-06-01"),
        ("2026-05-01 00:00:00", "2026-05-01", "2026-06-01"),
        ("2026-12-31 23:59:59", "2026-12-01", "2027-01-01"),
        ("2028-02-29 12:00:00", "2028-02-01", "2028-03-01"),
        ("2026-01-31 12:00:00", "2026-01-01", "2026-02-01"),
    ],
)
def test_a_period_is_a_calendar_month(now: str, begin: str, end: str) -> None:
    assert month_of(us(now)) == (us(begin), us(end))
