"""The days of meters, from the stored readings around them.

The readings of the range and of a day on both sides are read for many meters at once. Only where that does not settle what
counts (`vee.py`), because a meter reports seldom, stands still, or sent something impossible, more is read: ten days, then up to
forty, or the nearest readings of a meter that hardly has any. So a meter that reports regularly costs one scan, and no result
depends on where a range was cut. If there is nothing after the range, the month before is read for a usual day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from penstock.core.meters.consumption import Point
from penstock.core.meters.models import Day, MeterEvent, MeterOf, Part
from penstock.core.meters.values import Value
from penstock.core.telemetry.buckets import Bucket, Unit, edges
from penstock.core.telemetry.fields import column_decoder, joined_columns
from penstock.core.telemetry.models import HistoryQuery, TimeRange
from penstock.core.telemetry.store import Joined, ReadingStore
from penstock.kit.clock import DAY_US, MAX_US
from penstock.kit.ids import DeviceId, OrgId

if TYPE_CHECKING:
    # What computes needs numpy, which a server that is not asked for consumption does not load.
    from penstock.core.meters.reading import Reading
    from penstock.core.meters.rows import Rows
    from penstock.core.meters.vee import Chain

NEAREST = 20
"""How many readings are read of a meter that has hardly any around a window."""
AROUND_DAYS = (10, 40, 120)
MOST_AROUND_DAYS = 40
"""More is read only for the profiles of gaps, which need two weeks of values on both sides."""
# More than a century: the nearest reading outside a window can date back to 1970.
FAR_DAYS = 40_000
BLOCK_US = 64 * DAY_US
DAY = Bucket(unit=Unit.DAY)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """What to read. The result has the days `first` to `last` of `days`; readings before `kept_from_us` have been deleted.

    `as_shown`: each counter is rounded to what its unit shows, so that days as they are shown add up. Totals of several meters
    are in another unit, and exact without it.
    """

    zone: ZoneInfo
    buckets: list[int]
    days: list[int]
    first: int
    last: int
    kept_from_us: int
    now_us: int
    estimate: bool
    as_shown: bool = False


@dataclass(kw_only=True, slots=True)
class MeterDays:
    """A register on the days of a window.

    `parts` is what each of its versions counted in each span of the asker, on the days `first` to `last` of the window;
    `suspects` are the values on its days that are held out, and those that a person removed.
    """

    of: MeterOf
    days: list[Day]
    parts: list[Part]
    events: list[MeterEvent]
    suspects: list[Value]
    chains: list[Chain]

    @property
    def points(self) -> list[Point]:
        """When and how much flowed, as far as it counts for the asker: times, and the sum of all amounts up to each."""
        found: list[Point] = []
        total = 0
        for chain in self.chains:
            for time_us, amount in zip(chain.times.tolist(), chain.amounts.tolist(), strict=True):
                total += amount
                if any(span.from_us <= time_us and (span.to_us is None or time_us < span.to_us) for span in self.of.spans):
                    found.append((time_us, total))
        return found

    def values(self, begin_us: int, end_us: int) -> list[Value]:
        """Every value in [begin_us, end_us), which is in the window, with its status."""
        return [
            value
            for chain in self.chains
            for value in chain.values(begin_us, end_us)
            if any(span.from_us <= value.time_us and (span.to_us is None or value.time_us < span.to_us) for span in self.of.spans)
        ]


class MeterReader:
    """Reads meters. The caller has checked that the devices belong to the organisation."""

    def __init__(self, store: ReadingStore) -> None:
        self._store = store

    async def read(self, org_id: OrgId, meters: Sequence[MeterOf], window: Window) -> list[MeterDays]:
        """Each meter on the days of a window, in the requested order."""
        edges_of = _DayEdges(window)
        return [one.days(edges_of) for one in await self._read(org_id, meters, window)]

    async def chains(self, org_id: OrgId, meters: Sequence[MeterOf], window: Window) -> list[list[Chain]]:
        """The validated series of each meter, one for each version, in the requested order."""
        return [one.chains for one in await self._read(org_id, meters, window)]

    async def _read(self, org_id: OrgId, meters: Sequence[MeterOf], window: Window) -> list[Reading]:
        from penstock.core.meters.reading import Reading

        fields = tuple(dict.fromkeys(source.field for one in meters for version in one.versions for source in version.sources))
        readings = [Reading(one, window, fields) for one in meters]
        live = [one for one in readings if one.of.archived is None]
        for one in readings:
            if one.of.archived is not None:
                one.take_archived()
        work = _Work(self._store, org_id, fields, window)
        end_us = window.days[-1] + DAY_US
        await work.scan(live, min(max(window.days[0] - DAY_US, window.kept_from_us), end_us), end_us)
        await work.read_around(live)
        await work.read_usual_days(live)
        return readings


class _Work:
    """Reads what meters of one call need."""

    def __init__(self, store: ReadingStore, org_id: OrgId, fields: tuple[str, ...], window: Window) -> None:
        self._store, self._org_id, self._fields, self._window = store, org_id, fields, window

    async def scan(self, readings: Sequence[Reading], from_us: int, to_us: int) -> None:
        """Read a time that is next to what was read of each."""
        from penstock.core.meters.rows import Rows

        rows = Rows(self._fields)
        devices = list(dict.fromkeys(one.of.device_id for one in readings))
        if from_us < to_us and devices and self._fields:

            def use(chunk: Sequence[Joined]) -> None:
                rows.add_joined(chunk, joined_columns(self._fields, b",".join([one.payloads for one in chunk])))

            await self._store.scan_joined(self._org_id, devices, TimeRange(from_us=from_us, to_us=to_us), use)
        for one in readings:
            one.take(rows.of(one.of.device_id), from_us, to_us)

    async def read_around(self, readings: Sequence[Reading]) -> None:
        """Read more where what is before or after could change the result."""
        begin_us, end_us = self._window.days[0], self._window.days[-1]
        for days in AROUND_DAYS:
            some = readings if days <= MOST_AROUND_DAYS else [one for one in readings if one.is_profiled]
            before = [one for one in some if one.misses_before()]
            after = [one for one in some if one.misses_after()]
            await self._extend(before, max(begin_us - days * DAY_US, self._window.kept_from_us), before=True)
            await self._extend(after, end_us + days * DAY_US, before=False)
            few = [one for one in some if one.misses_before() and one.rows_around()[0] < NEAREST]
            await self._nearest_of_few(few, before=True)
            few = [one for one in some if one.misses_after() and one.rows_around()[1] < NEAREST]
            await self._nearest_of_few(few, before=False)
        # However long a codec reports zeros: whether the counter is at zero shows only before and after them.
        await self._extend([one for one in readings if one.comes_from_zero()], self._window.kept_from_us, before=True)
        await self._extend([one for one in readings if one.stays_at_zero()], MAX_US, before=False)

    async def _extend(self, readings: Sequence[Reading], bound_us: int, *, before: bool) -> None:
        by_range: dict[tuple[int, int], list[Reading]] = defaultdict(list)
        for one in readings:
            span = (bound_us, one.low_us) if before else (one.high_us, bound_us)
            if span[0] < span[1]:
                by_range[span].append(one)
        for (from_us, to_us), some in by_range.items():
            await self.scan(some, from_us, to_us)

    async def _nearest_of_few(self, readings: Sequence[Reading], *, before: bool) -> None:
        """Read the nearest readings of meters that have hardly any on a side of the window."""
        from penstock.core.meters.rows import Rows

        by_range: dict[tuple[int, int], list[Reading]] = defaultdict(list)
        for one in readings:
            by_range[(self._window.kept_from_us, one.low_us) if before else (one.high_us, MAX_US)].append(one)
        for (from_us, to_us), some in by_range.items():
            span = TimeRange(from_us=from_us, to_us=to_us)
            # Most of them are new, or ended: one look for all is far less than a search for each.
            found = await self._store.reporting(self._org_id, list({one.of.device_id for one in some}), span)
            for one in some:
                rows, nearest_us = Rows(self._fields), None
                if one.of.device_id in found:
                    rows, nearest_us = await self._nearest(one.of.device_id, span, descending=before)
                if before:
                    one.take(rows.of(one.of.device_id), from_us if nearest_us is None else nearest_us, to_us)
                else:
                    one.take(rows.of(one.of.device_id), from_us, to_us if nearest_us is None else nearest_us + 1)

    async def _nearest(self, device_id: DeviceId, span: TimeRange, *, descending: bool) -> tuple[Rows, int | None]:
        """The readings next to a time, and the time of the last of them; None if there are no more."""
        from penstock.core.meters.rows import Rows

        rows = Rows(self._fields)
        query = HistoryQuery(device_id=device_id, range=span, descending=descending, limit=NEAREST)
        found = await self._store.history(self._org_id, query)
        if found:
            columns = column_decoder(self._fields)([row.payload for row in found])
            rows.add([device_id] * len(found), [row.time_us for row in found], columns)
        return rows, found[-1].time_us if len(found) == NEAREST else None

    async def read_usual_days(self, readings: Sequence[Reading]) -> None:
        """Read the month before the last value of meters that are silent."""
        for one in readings:
            bound_us = one.estimates_from_us()
            if bound_us is not None:
                await self._extend([one], max(bound_us, self._window.kept_from_us), before=True)


class _DayEdges:
    """Edges of days around a window. Meters share them: to compute a month of them takes as long as to read a meter."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._known: dict[tuple[int, int], list[int]] = {}

    def __call__(self, first_us: int, end_us: int) -> list[int]:
        """Edges that cover [first_us, end_us), including those of the window."""
        days = self._window.days
        blocks_before = -(-max(days[0] - first_us, 0) // BLOCK_US)
        blocks_after = -(-max(end_us - days[-1], 0) // BLOCK_US)
        known = self._known.get((blocks_before, blocks_after))
        if known is None:
            before = edges(days[0] - blocks_before * BLOCK_US, days[0], DAY, self._window.zone, FAR_DAYS) if blocks_before else []
            if before and before[-1] != days[0]:
                # The window begins within a day, because what is before it has the days of another time zone.
                before = list(range(days[0] - blocks_before * BLOCK_US, days[0] + 1, DAY_US))
            after = edges(days[-1], days[-1] + blocks_after * BLOCK_US, DAY, self._window.zone, FAR_DAYS) if blocks_after else []
            known = [*before[:-1], *days, *after[1:]]
            self._known[blocks_before, blocks_after] = known
        return known
