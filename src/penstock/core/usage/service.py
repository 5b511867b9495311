"""What was called and stored, and the period over which a plan counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from penstock.core.actor import Actor, ActorKind
from penstock.core.limits.models import Refusal
from penstock.core.ports import Database
from penstock.core.usage.models import UsageBy, UsageHour, UsageRow
from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US, Clock
from penstock.kit.paging import Page, decode_cursor, encode_cursor


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

    async def query(
        self, actor: Actor, by: UsageBy, from_us: int, to_us: int, bucket_us: int, limit: int, cursor: str | None
    ) -> Page[UsageRow]:
        """Usage by bucket of hours or days (UTC) and subject, oldest first. The current hour follows a moment later."""
        after = decode_cursor(cursor, tuple[int, int]) or (-1, -1)
        begin_us = from_us - from_us % bucket_us
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.usage.rows(by, begin_us, to_us, bucket_us, limit + 1, after)
        more = len(found) > limit
        last = found[limit - 1] if more else None
        return Page(items=found[:limit], next_cursor=encode_cursor(last.start_us, last.subject_id) if last else None)

    async def refusals(self, actor: Actor, from_us: int, limit: int, cursor: str | None) -> Page[Refusal]:
        """What limits refused, by hour, newest first."""
        after = decode_cursor(cursor, tuple[int])
        offset = max(after[0], 0) if after else 0
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.usage.refusals(from_us, limit + 1, offset)
        more = len(found) > limit
        return Page(items=found[:limit], next_cursor=encode_cursor(offset + limit) if more else None)


class CallCounter:
    """Calls by key and hour, in memory until a worker writes them down."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.counts: dict[tuple[int, int, int], list[int]] = {}
        """(organisation, key, hour) → [calls, bytes]."""

    def count(self, actor: Actor, size_bytes: int) -> None:
        """Note one call."""
        key_id = actor.id if actor.kind is ActorKind.KEY else 0
        place = actor.org_id, key_id, self._clock.now_us() // HOUR_US * HOUR_US
        found = self.counts.get(place)
        if found is None:
            found = self.counts[place] = [0, 0]
        found[0] += 1
        found[1] += size_bytes

    def take(self) -> dict[tuple[int, int, int], list[int]]:
        """What was counted since the last time."""
        taken, self.counts = self.counts, {}
        return taken


def period_of(now_us: int) -> tuple[int, int]:
    """The period that a moment lies in: the calendar month in UTC, its begin and the begin of the next."""
    now = datetime.fromtimestamp(now_us // SECOND_US, UTC)
    begin = datetime(now.year, now.month, 1, tzinfo=UTC)
    end = (begin + timedelta(days=31)).replace(day=1)
    return int(begin.timestamp()) * SECOND_US, int(end.timestamp()) * SECOND_US
