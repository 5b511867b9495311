"""Use cases on usage: calls and stored readings."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.database import OrganizationDatabase
from penstock.core.limits.models import Refusal, RefusalFilter
from penstock.core.tenancy.errors import KeyNotFound
from penstock.core.usage.models import UsageBy, UsageHour, UsageRow
from penstock.core.usage.store import UsageTransaction
from penstock.kit.clock import DAY_US, HOUR_US, Clock
from penstock.kit.ids import KeyId, OrgId, Prefix, encode
from penstock.kit.paging import Page, decode_cursor, page_of


class UsageService:
    """Counts of readings and their values. They are stored by hour of arrival, and follow the log with a short delay."""

    def __init__(self, database: OrganizationDatabase[UsageTransaction], clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def last_day(self, actor: Actor) -> UsageHour:
        """Totals of the last 24 hours, including all of the hour in which they start."""
        day_ago_us = self._clock.now_us() - DAY_US
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.usage.since(day_ago_us - day_ago_us % HOUR_US)

    async def query(
        self, actor: Actor, by: UsageBy, from_us: int, to_us: int, bucket_us: int, limit: int, cursor: str | None
    ) -> Page[UsageRow]:
        """Usage by bucket of hours or days (UTC) and subject, oldest first. The current bucket follows with a short delay.

        `bucket_us` is an hour or a day. A bucket that the range cuts is counted whole.
        """
        after = decode_cursor(cursor, tuple[int, int]) or (-1, -1)
        # Hours and UTC days start at multiples of their length since 1970, so the remainder is enough.
        begin_us = from_us - from_us % bucket_us
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.usage.rows(by, begin_us, to_us, bucket_us, limit + 1, after)
        return page_of(found, limit, lambda last: (last.start_us, last.subject_id))

    async def of_key(
        self, actor: Actor, key_id: KeyId, from_us: int, to_us: int, limit: int, cursor: str | None
    ) -> Page[UsageRow]:
        """Usage of one key by day (UTC), oldest first. A day that the range cuts is counted whole.

        Raises:
            KeyNotFound: the caller's organisation has no key with this id.
        """
        after = decode_cursor(cursor, tuple[int]) or (-1,)
        async with self._database.snapshot(actor.org_id) as tx:
            if await tx.keys.find(key_id) is None:
                raise KeyNotFound(key_id=encode(Prefix.KEY, key_id))
            found = await tx.usage.of_key(key_id, from_us - from_us % DAY_US, to_us, limit + 1, after[0])
        return page_of(found, limit, lambda last: (last.start_us,))

    async def refusals(self, actor: Actor, filters: RefusalFilter, limit: int, cursor: str | None) -> Page[Refusal]:
        """Refusals by limits, by hour, newest first. An hour that the range cuts is counted whole."""
        before = decode_cursor(cursor, tuple[int, str, str])
        filters = msgspec.structs.replace(filters, from_us=filters.from_us - filters.from_us % HOUR_US)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.usage.refusals(filters, limit + 1, before)
        return page_of(found, limit, lambda last: (last.hour_us, last.limit, last.subject))


class CallCounter:
    """Calls by key and hour, in memory until a worker stores them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.counts: dict[tuple[OrgId, KeyId, int], list[int]] = {}
        """(organisation, key, hour) → [calls, bytes]."""

    def count(self, actor: Actor, size_bytes: int) -> None:
        """Count one call."""
        key_id = actor.key_id if actor.kind is ActorKind.KEY else KeyId(0)
        place = actor.org_id, key_id, self._clock.now_us() // HOUR_US * HOUR_US
        found = self.counts.get(place)
        if found is None:
            found = self.counts[place] = [0, 0]
        found[0] += 1
        found[1] += size_bytes

    def drain(self) -> dict[tuple[OrgId, KeyId, int], list[int]]:
        """Return the counts since the last drain."""
        counts, self.counts = self.counts, {}
        return counts

    def restore(self, counts: dict[tuple[OrgId, KeyId, int], list[int]]) -> None:
        """Add back counts that could not be stored."""
        for place, (calls, size_bytes) in counts.items():
            found = self.counts.setdefault(place, [0, 0])
            found[0] += calls
            found[1] += size_bytes
