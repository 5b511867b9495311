"""The days of meters, from the stored readings around them.

The readings of the range and of the day before are read for many meters at once. Only if these are not sufficient, because the
first or the last day has no reading next to it, the nearest reading outside is looked up. If there is none after the range, the
month before is read for a usual day. So a meter that reports regularly costs one look-up, and no result depends on where a range
was cut.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from penstock.core.meters.consumption import Point, by_day, estimated, in_order, to_counter
from penstock.core.meters.models import Day, MeterEvent, MeterOf
from penstock.core.telemetry.buckets import Bucket, Unit, edges
from penstock.core.telemetry.fields import column_decoder
from penstock.core.telemetry.models import HistoryQuery, TimeRange
from penstock.core.telemetry.store import ReadingStore
from penstock.kit.clock import DAY_US, MAX_US
from penstock.kit.ids import DeviceId, OrgId

NEAREST = 20
"""How many readings are searched for the nearest one with a counter in it."""
# More than a century: the nearest reading outside a window can date back to 1970.
FAR_DAYS = 40_000
DAY = Bucket(unit=Unit.DAY)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """What to read. The result has the days `first` to `last` of `days`; readings before `kept_from_us` have been deleted."""

    zone: ZoneInfo
    buckets: list[int]
    days: list[int]
    first: int
    last: int
    kept_from_us: int
    now_us: int
    estimate: bool


class MeterDays(msgspec.Struct, kw_only=True):
    """A meter on the days of a window, and the readings that were used."""

    of: MeterOf
    days: list[Day]
    events: list[MeterEvent]
    points: list[Point]


class MeterReader:
    """Reads meters. The caller has checked that the devices belong to the organisation."""

    def __init__(self, store: ReadingStore) -> None:
        self._store = store

    async def read(self, org_id: OrgId, meters: Sequence[MeterOf], window: Window) -> list[MeterDays]:
        """Each meter on the days of a window, in the requested order."""
        begin_us, end_us = window.days[0], window.days[-1]
        span = TimeRange(from_us=max(begin_us - DAY_US, window.kept_from_us), to_us=end_us)
        found = await self._scan(org_id, meters, span)
        return [await self._days(org_id, one, found[one.device_id], window) for one in meters]

    async def _scan(self, org_id: OrgId, meters: Sequence[MeterOf], span: TimeRange) -> dict[DeviceId, list[Point]]:
        fields = tuple(dict.fromkeys(one.meter.field for one in meters))
        column_of = {one.device_id: fields.index(one.meter.field) for one in meters}
        decode = column_decoder(fields)
        found: dict[DeviceId, list[Point]] = defaultdict(list)

        def use(devices: list[DeviceId], times: list[int], payloads: list[bytes]) -> None:
            columns = decode(payloads)
            if len(columns) == 1:
                for device_id, time_us, counter in zip(devices, times, map(to_counter, columns[0]), strict=True):
                    if counter is not None:
                        found[device_id].append((time_us, counter))
                return
            for row, (device_id, time_us) in enumerate(zip(devices, times, strict=True)):
                counter = to_counter(columns[column_of[device_id]][row])
                if counter is not None:
                    found[device_id].append((time_us, counter))

        if span.from_us < span.to_us:
            await self._store.scan_many(org_id, [one.device_id for one in meters], span, use)
        return found

    async def _days(self, org_id: OrgId, one: MeterOf, points: list[Point], window: Window) -> MeterDays:
        points = in_order(points)
        begin_us, end_us, today_us = window.days[0], window.days[-1], min(window.days[-1], window.now_us)
        day_before_us = window.days[0] - DAY_US
        # The day before was read with the window, so the search starts before it.
        if not points or points[0][0] >= begin_us:
            points = [*await self._nearest(org_id, one, window, before_us=max(day_before_us, window.kept_from_us)), *points]
        last_day_us = window.days[bisect_right(window.days, today_us - 1) - 1]
        ends_early = not points or points[-1][0] < last_day_us
        after = await self._nearest(org_id, one, window, after_us=end_us) if ends_early else []
        estimates = window.estimate and ends_early and not after and bool(points)
        if estimates:
            span = TimeRange(from_us=max(points[-1][0] - 31 * DAY_US, window.kept_from_us), to_us=points[0][0])
            points = in_order([*(await self._scan(org_id, [one], span))[one.device_id], *points])
        points += after
        day_edges = window.days if not points else _covering(window, points[0][0], points[-1][0])
        days, events = by_day(points, day_edges, one.meter.rolls_over_at)
        first = bisect_left(day_edges, begin_us)
        if estimates:
            # Only complete days: today has consumed less than a usual day. A day ends at its edge, which is 23 to 25 hours later.
            days = estimated(days, max(0, bisect_right(day_edges, today_us) - 1))
        return MeterDays(
            of=one,
            days=days[first : first + len(window.days) - 1],
            events=[event for event in events if begin_us <= event.at_us < end_us],
            points=points,
        )

    async def _nearest(
        self, org_id: OrgId, one: MeterOf, window: Window, *, before_us: int | None = None, after_us: int = 0
    ) -> list[Point]:
        """The nearest reading with a counter outside the window; none or one."""
        if before_us is not None:
            span = TimeRange(from_us=window.kept_from_us, to_us=before_us)
        else:
            span = TimeRange(from_us=max(after_us, window.kept_from_us), to_us=MAX_US)
        if span.from_us >= span.to_us:
            return []
        query = HistoryQuery(device_id=one.device_id, range=span, descending=before_us is not None, limit=NEAREST)
        rows = await self._store.history(org_id, query)
        values = column_decoder((one.meter.field,))([row.payload for row in rows])[0] if rows else []
        for row, value in zip(rows, values, strict=True):
            counter = to_counter(value)
            if counter is not None:
                return [(row.time_us, counter)]
        return []


def _covering(window: Window, first_us: int, last_us: int) -> list[int]:
    """Edges of days from the first to the last reading, including those of the window."""
    if first_us >= window.days[0] and last_us < window.days[-1]:
        return window.days
    begin_us, end_us = min(first_us, window.days[0]), max(last_us + 1, window.days[-1])
    if begin_us >= window.days[0] - DAY_US and end_us == window.days[-1]:
        # The usual case, a reading on the day before: only the edges of that day are computed.
        return [*edges(begin_us, window.days[0], DAY, window.zone)[:-1], *window.days]
    return edges(begin_us, end_us, DAY, window.zone, FAR_DAYS)
