"""Evaluates the meters that have reported, and stores what follows with its events.

Every evaluation reads the time before the new readings again, so that late ones count as if they had come in time. It can be
repeated: an alarm is opened once, however often its readings are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from penstock.core.customers.periods import place_while
from penstock.core.meter_alarms.counters import Counter, CounterQuery, CounterReader
from penstock.core.meter_alarms.detection import Subject, counter_episodes, signal_episodes, signals_of
from penstock.core.meter_alarms.episodes import Changes, compare, ended
from penstock.core.meter_alarms.events import CLOSED, OPENED, alarm_moved
from penstock.core.meter_alarms.flow import last_move_us
from penstock.core.meter_alarms.models import NO_REGISTER, Alarm, AlarmKey, AlarmKind, EndReason, Episode, Progress
from penstock.core.meter_alarms.settings import AlarmSettings, effective
from penstock.core.meter_alarms.store import MeterAlarmTransaction, WatchedMeter
from penstock.core.meter_alarms.wording import message_of
from penstock.core.meters.finding import registers_of
from penstock.core.meters.models import MeterOf
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import DAY_US, HOUR_US, MAX_US, Clock
from penstock.kit.ids import DeviceId, IdSource, MeterAlarmId, OrgId

FAR_US = 45 * DAY_US
"""How far back readings are looked at: late ones that are older raise nothing. A meter's first evaluation looks as far."""
CONTEXT_US = 2 * HOUR_US
"""How much more than the longest condition is read."""


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """A meter that has reported: how it is watched, its new readings, and where its counters are read from."""

    device_id: DeviceId
    subject: Subject
    fresh: Sequence[Reading]
    registers: tuple[MeterOf, ...]
    progress: Mapping[AlarmKey, Progress]
    from_us: int


class AlarmEvaluation:
    """Finds alarms in readings. `load` and `read` prepare what `write` does within one transaction."""

    def __init__(self, reader: CounterReader, ids: IdSource, clock: Clock) -> None:
        self._reader = reader
        self._ids = ids
        self._clock = clock

    async def load(self, tx: MeterAlarmTransaction, fresh: Mapping[DeviceId, Sequence[Reading]]) -> list[Meter]:
        """The meters among the devices that have reported."""
        watched = await tx.meter_alarms.watched(sorted(fresh))
        progress: dict[DeviceId, dict[AlarmKey, Progress]] = {one.device_id: {} for one in watched}
        for row in await tx.meter_alarms.progress(sorted(progress)):
            progress[row.device_id][row.kind, row.register] = row
        registers = await registers_of(tx, [one.device_id for one in watched])
        return [self._meter(one, fresh[one.device_id], registers[one.device_id], progress[one.device_id]) for one in watched]

    def _meter(
        self,
        one: WatchedMeter,
        fresh: Sequence[Reading],
        registers: tuple[MeterOf, ...],
        progress: Mapping[AlarmKey, Progress],
    ) -> Meter:
        role = registers[0].role
        settings = effective(one.own, one.of_profile, role)
        return Meter(
            device_id=one.device_id,
            subject=Subject(name=one.name, role=role, settings=settings),
            fresh=fresh,
            registers=registers,
            progress=progress,
            from_us=self._from_us(settings, fresh, progress),
        )

    def _from_us(self, settings: AlarmSettings, fresh: Sequence[Reading], progress: Mapping[AlarmKey, Progress]) -> int:
        far_us = self._clock.now_us() - FAR_US
        known = [row.at_us for (kind, _), row in progress.items() if kind is AlarmKind.FROZEN]
        if not known:
            return far_us
        context_us = max(DAY_US, (settings.continuous_flow.hours or 0) * HOUR_US) + CONTEXT_US
        # From the last evaluated reading at the latest: a meter that reports once a week has no other one to compare with.
        return max(min(min(one.time_us for one in fresh) - context_us, *known), far_us)

    async def read(self, org_id: OrgId, meters: Sequence[Meter]) -> dict[DeviceId, list[Counter]]:
        """The counters of meters."""
        queries = [CounterQuery(of=of, from_us=one.from_us) for one in meters for of in one.registers]
        return await self._reader.read(org_id, queries, self._clock.now_us()) if queries else {}

    async def write(
        self, tx: MeterAlarmTransaction, org_id: OrgId, meters: Sequence[Meter], counters: Mapping[DeviceId, Sequence[Counter]]
    ) -> None:
        """Store what the readings of meters show."""
        # A device can have been deleted since it was loaded: its alarms have ended.
        watched = {one.device_id for one in await tx.meter_alarms.watched([one.device_id for one in meters])}
        meters = [one for one in meters if one.device_id in watched]
        if not meters:
            return
        known: dict[DeviceId, list[Alarm]] = {one.device_id: [] for one in meters}
        for alarm in await tx.meter_alarms.list_known(sorted(known), min(one.from_us for one in meters)):
            known[alarm.device_id].append(alarm)
        progress: list[Progress] = []
        for meter in meters:
            changes, reached = self._evaluate(meter, counters.get(meter.device_id, ()), known[meter.device_id])
            progress += reached
            await self._store(tx, org_id, meter, changes)
        await tx.meter_alarms.save_progress(progress)

    def _evaluate(
        self, meter: Meter, counters: Sequence[Counter], known: Sequence[Alarm]
    ) -> tuple[list[Changes], list[Progress]]:
        now_us = self._clock.now_us()
        open_ = {one.key: one for one in known if one.until_us is None}
        disabled = [one for one in open_.values() if not meter.subject.watches(one.kind)]
        changes = [Changes(closed=[ended(one, one.last_us, EndReason.DISABLED, now_us) for one in disabled])]
        progress = []
        by_name = {one.register.name: one for one in counters}
        for name in (one.register.name for one in meter.registers):
            counter, before = by_name.get(name), meter.progress.get((AlarmKind.FROZEN, name))
            progress.append(_reached(meter, name, counter, before))
            if counter is None:
                continue
            for kind, shown in counter_episodes(meter.subject, counter, open_, before.moved_us if before else None).items():
                same = [one for one in known if one.key == (kind, name)]
                changes.append(compare(same, shown, meter.from_us, now_us))
        for kind, signals in signals_of(meter.subject, meter.fresh).items():
            row = meter.progress.get((kind, NO_REGISTER))
            shown = signal_episodes(kind, signals, open_.get((kind, NO_REGISTER)), row.at_us if row else None)
            changes.append(compare([one for one in known if one.kind is kind], shown, MAX_US, now_us))
            at_us = max(signals[-1].time_us, row.at_us if row else 0)
            before_us = row.at_us if row else None
            progress.append(
                Progress(device_id=meter.device_id, kind=kind, register=NO_REGISTER, at_us=at_us, before_us=before_us)
            )
        return changes, progress

    async def _store(self, tx: MeterAlarmTransaction, org_id: OrgId, meter: Meter, changes: Sequence[Changes]) -> None:
        for one in changes:
            for alarm in one.closed:
                await self.close(tx, alarm)
            for alarm in one.updated:
                await tx.meter_alarms.update(alarm)
            for episode in one.old:
                await tx.meter_alarms.create(await self._alarm(tx, org_id, meter, episode))
            for episode in one.opened:
                await self._open(tx, await self._alarm(tx, org_id, meter, episode))

    async def _alarm(self, tx: MeterAlarmTransaction, org_id: OrgId, meter: Meter, episode: Episode) -> Alarm:
        place = place_while(await tx.placements.periods_of_device(meter.device_id), episode.since_us, episode.last_us)
        now_us, is_over = self._clock.now_us(), episode.until_us is not None
        return Alarm(
            id=self._ids.next(MeterAlarmId),
            org_id=org_id,
            device_id=meter.device_id,
            device_name=meter.subject.name,
            customer_id=place.customer_id,
            resident_id=place.resident_id,
            opened_us=now_us,
            closed_us=now_us if is_over else None,
            end_reason=EndReason.CONDITION if is_over else None,
            **msgspec.structs.asdict(episode),
        )

    async def _open(self, tx: MeterAlarmTransaction, alarm: Alarm) -> None:
        await tx.meter_alarms.create(alarm)
        topics = [OPENED] if alarm.until_us is None else [OPENED, CLOSED]
        event = alarm_moved(alarm, message_of(alarm), self._clock.now_us())
        await tx.outbox.add_all([(topic, alarm.id, event) for topic in topics])

    async def close(self, tx: MeterAlarmTransaction, alarm: Alarm) -> None:
        """Store the end of an alarm, with its event."""
        await tx.meter_alarms.update(alarm)
        await tx.outbox.add(CLOSED, alarm.id, alarm_moved(alarm, message_of(alarm), self._clock.now_us()))


def _reached(meter: Meter, name: str, counter: Counter | None, before: Progress | None) -> Progress:
    # Of a device that does not report the counter, no more than the new readings has to be read next time.
    last_us = counter.last_us if counter else max(one.time_us for one in meter.fresh)
    moves = [last_move_us(counter.steps) if counter else None, before.moved_us if before else None]
    return Progress(
        device_id=meter.device_id,
        kind=AlarmKind.FROZEN,
        register=name,
        at_us=max(last_us, before.at_us if before else 0),
        moved_us=max((one for one in moves if one is not None), default=None),
        before_us=before.at_us if before else None,
    )
