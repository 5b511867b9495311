"""What an organisation has stored lately, and the period over which a plan counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from penstock.core.actor import Actor
from penstock.core.ports import Database
from penstock.core.telemetry.store import UsageHour
from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US, Clock


class UsageService:
    """Counts of readings and their values. They are kept by hour of arrival, and follow the log a moment later."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def last_day(self, actor: Actor) -> UsageHour:
        """Sums over the last 24 hours, and over what came before in the hour in which they begin."""
        day_ago_us = self._clock.now_us() - DAY_US
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.usage.since(day_ago_us - day_ago_us % HOUR_US)


def period_of(now_us: int) -> tuple[int, int]:
    """The period that a moment lies in: the calendar month in UTC, its begin and the begin of the next."""
    now = datetime.fromtimestamp(now_us // SECOND_US, UTC)
    begin = datetime(now.year, now.month, 1, tzinfo=UTC)
    end = (begin + timedelta(days=31)).replace(day=1)
    return int(begin.timestamp()) * SECOND_US, int(end.timestamp()) * SECOND_US
