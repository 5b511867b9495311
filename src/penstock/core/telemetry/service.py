"""Use cases on readings: ingest and query."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from zoneinfo import ZoneInfo

import msgspec

from penstock.core.actor import Actor
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound, DevicePaused
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.telemetry.aggregate import Aggregation, BucketRow
from penstock.core.telemetry.buckets import Bucket, edges
from penstock.core.telemetry.config import TelemetryConfig
from penstock.core.telemetry.errors import PayloadTooLarge, ReadingNotFound
from penstock.core.telemetry.fields import FieldSurvey, column_decoder
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.models import (
    KIND_MALFORMED,
    EffectiveRange,
    HistoryQuery,
    NewReading,
    Reading,
    Source,
    TimeRange,
    hash_of,
)
from penstock.core.telemetry.repeats import find_first
from penstock.core.telemetry.store import ReadingLog, ReadingStore
from penstock.core.telemetry.thin import lttb
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.usage.monthly import MonthlyReadings
from penstock.kit.clock import DAY_US, SECOND_US, Clock, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, OrgId, Prefix, Seq, encode

EXPORT_PAGE = 2_000
"""How many rows of an export are in memory at a time."""
MAX_COLUMNS = 10_000
"""The maximum number of fields that the readings of a range can have to be listed in one table."""


class TelemetryService:
    """Readings of an organisation's devices."""

    def __init__(
        self,
        *,
        log: ReadingLog,
        store: ReadingStore,
        latest: LatestReadings,
        directory: DeviceDirectory,
        plans: PlanCatalogue,
        monthly: MonthlyReadings,
        faults: DeviceFaults,
        clock: Clock,
        config: TelemetryConfig,
    ) -> None:
        self._log = log
        self._store = store
        self._latest = latest
        self._directory = directory
        self._plans = plans
        self._monthly = monthly
        self._faults = faults
        self._clock = clock
        self._config = config
        self._future_us = config.future_tolerance_s * SECOND_US
        self._backfill_us = config.backfill_after_s * SECOND_US
        log.on_settled(monthly.settle)

    @property
    def is_overloaded(self) -> bool:
        """Whether so many readings wait for the disk that `ingest` may soon reject some."""
        return self._log.is_overloaded

    async def ingest(self, readings: Sequence[NewReading], queued: Callable[[], None] | None = None) -> list[Reading]:
        """Store readings of devices that the caller is allowed to report for. When this returns, they are on disk.

        The results are in the order of the readings. A reading whose event time is too far in the future is quarantined, an
        old one is marked as backfill, and a repeated delivery returns the first result. A time with which a reading is not shown
        is counted on its device. All readings must belong to one organisation. `queued` is called when their place in the log is
        before that of all that is ingested later.

        Raises:
            DevicePaused, PayloadTooLarge: for the first invalid reading; nothing was stored.
            MonthlyLimitExceeded, LogFull, DiskFull, LogFailed: nothing was stored.
        """
        out = self.receive(readings)
        if out and not self._monthly.unlimited(out[0].org_id):
            await self.take(out)
        appended = self.append(out)
        if queued is not None:
            queued()
        await appended
        return out

    async def find_first(self, stored: Sequence[Reading]) -> dict[Seq, Reading]:
        """The first deliveries of the duplicates that `ingest` returned, by sequence number."""
        return await find_first(self._log, stored)

    # For protocols that collect the readings of many connections into one append. Together these methods are `ingest`.

    def receive(self, readings: Sequence[NewReading]) -> list[Reading]:
        """Convert readings to the form of the log; nothing is stored yet.

        Raises:
            DevicePaused, PayloadTooLarge: for the first invalid reading.
        """
        now_us = self._clock.now_us()
        return [self._received(reading, now_us) for reading in readings]

    def quarantine(self, device: DeviceRef, payload: bytes, source: Source, dedupe_key: str | None = None) -> Reading:
        """A malformed message, to be stored in quarantine. `payload` is a JSON object that describes it.

        Raises:
            DevicePaused, PayloadTooLarge.
        """
        malformed = NewReading(device, payload, kind=KIND_MALFORMED, dedupe_key=dedupe_key, source=source)
        out = self._received(malformed, self._clock.now_us())
        out.quarantined = True
        return out

    def unlimited(self, org_id: OrgId) -> bool:
        """Whether an organisation has no monthly limit, so that `take` is not needed."""
        return self._monthly.unlimited(org_id)

    async def take(self, readings: Sequence[Reading]) -> None:
        """Count readings of one organisation that are about to be appended. The log then says which of them it has stored.

        Raises:
            MonthlyLimitExceeded: nothing was counted.
        """
        counted = [reading for reading in readings if not (reading.quarantined or reading.counted)]
        if counted:
            await self._monthly.take(counted[0].org_id, len(counted))
            for reading in counted:
                reading.counted = True

    def drop(self, readings: Sequence[Reading]) -> None:
        """Counted readings will not be appended."""
        self._monthly.settle(readings, False)

    async def take_kept(self, org_id: OrgId, count: int) -> None:
        """Count readings that are about to be kept outside the log.

        Raises:
            MonthlyLimitExceeded: nothing was counted.
        """
        await self._monthly.take(org_id, count)

    def drop_kept(self, org_id: OrgId, count: int) -> None:
        """Readings that were counted by `take_kept` were not kept."""
        if count and not self._monthly.unlimited(org_id):
            self._monthly.give_back(org_id, count)

    def append(self, readings: Sequence[Reading]) -> Awaitable[None]:
        """Queue received readings, of one or more organisations, for one commit. Once awaited, they are on disk.

        Raises:
            LogFull, LogFailed: immediately. DiskFull, LogFailed: when awaited. Nothing was stored.
        """
        return self._log.append(readings)

    def check(self, reading: NewReading) -> None:
        """Check that a reading can be ingested, for callers that report on each row of a batch.

        Raises:
            DevicePaused, PayloadTooLarge.
        """
        if reading.device.status is not DeviceStatus.ACTIVE:
            raise DevicePaused()
        if len(reading.payload) > self._config.max_payload_bytes:
            raise PayloadTooLarge(limit=self._config.max_payload_bytes)

    def note_malformed(self, device: DeviceRef, reason: str) -> None:
        """Count on a device that what it sent was rejected: the device may be the only one that reads the answer."""
        self._faults.record_malformed(device, reason)

    def is_ahead(self, time_us: int) -> bool:
        """Whether an event time is so far in the future that a reading with it is quarantined."""
        return time_us > self._clock.now_us() + self._future_us

    def _received(self, reading: NewReading, now_us: int) -> Reading:
        self.check(reading)
        device, time_us = reading.device, reading.time_us
        out = Reading(
            device.org_id,
            device.id,
            now_us if time_us is None else time_us,
            now_us,
            reading.payload,
            reading.kind,
            reading.channel,
            reading.source,
        )
        if time_us is not None:
            out.quarantined = time_us > now_us + self._future_us
            out.backfill = time_us < now_us - self._backfill_us
            if out.quarantined or out.backfill:
                self._note_time(device, time_us, now_us, ahead=out.quarantined)
        if reading.dedupe_key is not None:
            out.dedupe = hash_of(reading.dedupe_key)
        return out

    def _note_time(self, device: DeviceRef, time_us: int, now_us: int, *, ahead: bool) -> None:
        """Count on a device an event time with which its reading is not shown: it is in the future, or older than the plan keeps.

        A clock that was reset is in 1970, and nothing else would say why no readings appear.
        """
        if ahead:
            reason = f"is more than {self._config.future_tolerance_s} s in the future"
        else:
            organization = self._plans.known(device.org_id)
            if organization is None or organization.plan not in self._plans.plans:
                return
            days = self._plans.in_force(organization, now_us).retention_days
            if days is None or time_us >= now_us - days * DAY_US:
                return
            reason = f"is older than the {days} days for which the plan keeps readings"
        self._faults.record_malformed(device, f"the event time {format_time(time_us)} {reason}")

    async def latest(self, actor: Actor, device_id: DeviceId) -> tuple[Reading | None, Reading | None]:
        """A device's latest reading by event time and by arrival, as far as the caller can see them.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        if self._directory.known(actor.org_id, device_id) is not None:
            entry = self._latest.known(device_id)
            if entry is not None:
                return _visible(actor, entry.by_event, entry.by_arrival)
        await self._directory.get(actor.org_id, device_id)
        return _visible(actor, *await self._latest.get(actor.org_id, device_id))

    async def find(self, actor: Actor, seq: Seq) -> Reading:
        """One reading, within the plan's retention.

        Raises:
            ReadingNotFound: the caller's organisation has no reading with this number, or its device was deleted.
        """
        found = await self._log.read_after(Seq(seq - 1), 1)
        reading = found[0] if found and (found[0].org_id, found[0].seq) == (actor.org_id, seq) else None
        if reading is None or not await self._exists(actor.org_id, reading.device_id):
            raise ReadingNotFound(reading_id=encode(Prefix.READING, seq))
        span = await self.effective(actor, TimeRange(from_us=reading.time_us, to_us=reading.time_us))
        if span.effective.from_us > reading.time_us:
            raise ReadingNotFound(reading_id=encode(Prefix.READING, seq))
        return reading

    async def effective(self, actor: Actor, requested: TimeRange) -> EffectiveRange:
        """The part of a range within the plan's retention, and that the caller can see."""
        now_us = self._clock.now_us()
        days = self._plans.in_force(await self._plans.organization(actor.org_id), now_us).retention_days
        from_us = max(requested.from_us, actor.sees_from_us)
        if days is not None:
            from_us = max(from_us, now_us - days * DAY_US)
        effective = TimeRange(from_us=from_us, to_us=max(requested.to_us, from_us))
        return EffectiveRange(requested=requested, effective=effective, retention_days=days)

    async def history(self, actor: Actor, query: HistoryQuery) -> tuple[list[Reading], EffectiveRange]:
        """Readings of a device by event time.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        await self._directory.get(actor.org_id, query.device_id)
        span = await self.effective(actor, query.range)
        rows = await self._store.history(actor.org_id, msgspec.structs.replace(query, range=span.effective))
        return rows, span

    @property
    def last_seq(self) -> Seq:
        """The sequence number of the latest stored reading."""
        return self._log.last_seq

    async def fields(self, actor: Actor, device_id: DeviceId, requested: TimeRange, *, arrays: bool = False) -> tuple[str, ...]:
        """The fields of a device's readings in a range, by name; `arrays` includes those that hold an array.

        They come from the readings themselves: the list of sensors follows with a delay, and sensors can be deleted.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
            TooManyFields.
        """
        await self._directory.get(actor.org_id, device_id)
        span = await self.effective(actor, requested)
        survey = FieldSurvey(MAX_COLUMNS, arrays=arrays)
        await self._store.scan(actor.org_id, device_id, span.effective, lambda _, payloads: survey.add(payloads))
        return survey.names

    async def export(self, actor: Actor, query: HistoryQuery, last_seq: Seq | None = None) -> AsyncIterator[list[Reading]]:
        """All readings of a range, page by page, without those stored after `last_seq`. Memory does not grow with the range.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        while True:
            page = msgspec.structs.replace(query, limit=EXPORT_PAGE)
            rows, _ = await self.history(actor, page)
            yield rows if last_seq is None else [row for row in rows if row.seq <= last_seq]
            if len(rows) < EXPORT_PAGE:
                return
            query = msgspec.structs.replace(query, after=(rows[-1].time_us, rows[-1].seq))

    async def aggregate(
        self,
        actor: Actor,
        device_id: DeviceId,
        requested: TimeRange,
        bucket: Bucket,
        zone: ZoneInfo,
        fields: tuple[str, ...],
        functions: tuple[str, ...],
        include_empty: bool,
    ) -> tuple[list[BucketRow], EffectiveRange]:
        """Values of sensors aggregated over time buckets.

        A bucket that the range or the plan's retention cuts contains only the values inside.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
            InvalidInput: the range has more buckets than allowed.
        """
        await self._directory.get(actor.org_id, device_id)
        span = await self.effective(actor, requested)
        if span.effective.to_us <= span.effective.from_us:
            return [], span
        bounds = edges(span.effective.from_us, span.effective.to_us, bucket, zone)
        aggregation = Aggregation(bounds, fields, functions)
        decode = column_decoder(fields)
        await self._store.scan(actor.org_id, device_id, span.effective, lambda times, rows: aggregation.add(times, decode(rows)))
        return aggregation.rows(include_empty), span

    async def thin(
        self, actor: Actor, device_id: DeviceId, requested: TimeRange, field: str, points: int
    ) -> tuple[list[tuple[int, float]], EffectiveRange]:
        """The values of one sensor reduced to a number of points, chosen so that a chart looks the same.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        await self._directory.get(actor.org_id, device_id)
        span = await self.effective(actor, requested)
        series: list[tuple[int, float]] = []
        await self._store.scan(actor.org_id, device_id, span.effective, _collect_numbers(field, series))
        series.sort(key=lambda point: point[0])
        chosen = lttb([time for time, _ in series], [value for _, value in series], points)
        return [series[index] for index in chosen], span

    async def quarantined(self, actor: Actor, device_id: DeviceId | None, limit: int, after_seq: Seq) -> list[Reading]:
        """Quarantined readings, of one device or of all.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        if device_id is not None:
            await self._directory.get(actor.org_id, device_id)
        found: list[Reading] = []
        while True:
            rows = await self._store.quarantined(actor.org_id, device_id, limit, after_seq)
            found += [row for row in rows if await self._exists(actor.org_id, row.device_id)]
            if len(rows) < limit or len(found) >= limit:
                return found[:limit]
            after_seq = rows[-1].seq

    async def _exists(self, org_id: OrgId, device_id: DeviceId) -> bool:
        """Whether a device still exists: once it is deleted, so are its readings, even before they are removed from the disk."""
        try:
            await self._directory.get(org_id, device_id)
        except DeviceNotFound:
            return False
        return True


def _visible(actor: Actor, by_event: Reading | None, by_arrival: Reading | None) -> tuple[Reading | None, Reading | None]:
    if by_event is None or by_event.time_us < actor.sees_from_us:
        return None, None
    # An old reading that arrived last is hidden. The latest by event time takes its place.
    return by_event, by_event if by_arrival is None or by_arrival.time_us < actor.sees_from_us else by_arrival


def _collect_numbers(field: str, into: list[tuple[int, float]]) -> Callable[[list[int], list[bytes]], None]:
    decode = column_decoder((field,))

    def use(times: list[int], payloads: list[bytes]) -> None:
        values = decode(payloads)[0]
        into.extend(
            (time, value)
            for time, value in zip(times, values, strict=True)
            if isinstance(value, int | float) and not isinstance(value, bool)
        )

    return use


def parse_span(text: str) -> int:
    """The length of a `range` such as `90m`, `6h` or `30d`, in microseconds.

    Raises:
        InvalidInput: the text does not have this form, or is longer than ten years.
    """
    unit = {"m": 60, "h": 3600, "d": 86_400}.get(text[-1:])
    digits = text[:-1]
    if unit is None or not digits.isascii() or not digits.isdigit() or len(digits) > 6:
        raise InvalidInput.field("range", "must be a number followed by m, h or d, such as 24h", "range")
    span_us = int(digits) * unit * SECOND_US
    if not 0 < span_us <= 3660 * DAY_US:
        raise InvalidInput.field("range", "must be between 1m and ten years", "range")
    return span_us
