"""What part of the past a query of meters covers: its range within the plan's retention, and the days in it."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.meters.series import Window
from penstock.core.telemetry.buckets import Bucket, Unit, edges, parse_zone
from penstock.core.telemetry.models import EffectiveRange, TimeRange
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.errors import InvalidInput

MAX_DAYS = 1_100
UNITS = {"day": Unit.DAY, "week": Unit.WEEK, "month": Unit.MONTH}


class ConsumptionQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A query of consumption. `timezone` None is the customer's."""

    range: TimeRange
    bucket: str = "day"
    timezone: str | None = None
    estimate: bool = True


class ConsumptionScope(msgspec.Struct, frozen=True, kw_only=True):
    """What a result covers: the range within the plan's retention, and the time zone of the days."""

    range: EffectiveRange
    timezone: str


class Windows:
    """Makes windows. Buckets that a range cuts are whole, as far as the plan's retention allows."""

    def __init__(self, telemetry: TelemetryService, clock: Clock) -> None:
        self._telemetry = telemetry
        self._clock = clock

    async def of(
        self, actor: Actor, query: ConsumptionQuery, timezone: str, days_before: int = 0
    ) -> tuple[Window, ConsumptionScope]:
        """The window of a query; `timezone` is the customer's, `days_before` are read and not part of the result.

        Raises:
            InvalidInput: the bucket or time zone is invalid, or there are too many days.
        """
        if query.bucket not in UNITS:
            raise InvalidInput.field("bucket", f"must be one of {', '.join(UNITS)}")
        zone = parse_zone(query.timezone or timezone)
        span = await self._telemetry.effective(actor, query.range)
        begin_us, end_us = span.effective.from_us, max(span.effective.to_us, span.effective.from_us + 1)
        if end_us - begin_us > MAX_DAYS * DAY_US:
            raise InvalidInput.field("from", f"must be at most {MAX_DAYS} days before to")
        buckets = edges(begin_us, end_us, Bucket(unit=UNITS[query.bucket]), zone)
        days = edges(buckets[0] - days_before * DAY_US, buckets[-1], Bucket(unit=Unit.DAY), zone)
        window = Window(
            zone=zone,
            buckets=buckets,
            days=days,
            first=days.index(buckets[0]),
            last=len(days) - 1,
            kept_from_us=await self.kept_from(actor, query.range.to_us),
            now_us=self._clock.now_us(),
            estimate=query.estimate,
        )
        return window, ConsumptionScope(range=span, timezone=zone.key)

    async def kept_from(self, actor: Actor, to_us: int) -> int:
        """From when on readings are used: those before a range too, but only as far back as the plan's retention allows."""
        # Also those that a resident cannot see: the last one divides the day of the move between the households.
        kept = await self._telemetry.effective(Actor.system(actor.org_id), TimeRange(from_us=0, to_us=to_us))
        return kept.effective.from_us

    def exact(
        self, begin_us: int, end_us: int, timezone: str = "UTC", kept_from_us: int = 0, *, estimate: bool = False
    ) -> Window:
        """The window of all days with a part of [begin_us, end_us)."""
        zone = parse_zone(timezone)
        days = edges(begin_us, end_us, Bucket(unit=Unit.DAY), zone)
        return Window(
            zone=zone,
            buckets=days,
            days=days,
            first=0,
            last=len(days) - 1,
            kept_from_us=kept_from_us,
            now_us=self._clock.now_us(),
            estimate=estimate,
        )
