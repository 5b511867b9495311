"""Looks for alarms of meters behind the reading log.

Every interval it reads what has arrived, and evaluates each meter that reported once. The position is stored with the last of the
alarms. After a crash before that the same readings are evaluated again, which opens nothing twice: an evaluation looks at the
alarms that are known in the transaction that adds others. Alarms that no reading
shows are closed by time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from penstock.core.database import SystemDatabase
from penstock.core.meter_alarms.episodes import ended
from penstock.core.meter_alarms.evaluation import CONTEXT_US, AlarmEvaluation
from penstock.core.meter_alarms.models import EndReason
from penstock.core.meter_alarms.store import MeterAlarmSystemTransaction
from penstock.core.outbox import OutboxEntry
from penstock.core.telemetry.models import Reading, Source
from penstock.core.telemetry.store import ReadingLog
from penstock.kit.clock import DAY_US, HOUR_US, MAX_US, Clock, has_passed
from penstock.kit.ids import DeviceId, OrgId, RedecodeId, Seq
from penstock.workers.loop import run_loop

CONSUMER = "meter_alarms"
STEP_ROWS = 5_000
METERS_AT_ONCE = 25
"""Meters evaluated before other tasks run, and in one transaction: some ten milliseconds."""
AT_ONCE = 1_000
_RULE = int(Source.RULE)


class MeterAlarmWorker:
    """The worker. `run` ends when cancelled."""

    def __init__(
        self,
        *,
        log: ReadingLog,
        database: SystemDatabase[MeterAlarmSystemTransaction],
        evaluation: AlarmEvaluation,
        clock: Clock,
        settled: Clock,
        interval_s: float,
        keep_days: int,
    ) -> None:
        self._log = log
        self._database = database
        self._evaluation = evaluation
        self._clock = clock
        self._settled = settled
        self._interval_s = interval_s
        self._keep_us = keep_days * DAY_US
        self._dropped_us = 0
        self._cursor: Seq | None = None

    @property
    def lag(self) -> int:
        """How many sequence numbers it is behind the log."""
        return self._log.last_seq - (self._log.last_seq if self._cursor is None else self._cursor)

    async def run(self) -> None:
        """Follow the log until cancelled."""
        await run_loop(self.step, self._interval_s, "meter_alarms_delayed")

    async def step(self) -> bool:
        """Evaluate the next part of the log, or what time has ended. Returns whether there is more immediately."""
        cursor = self._cursor if self._cursor is not None else await self._begin()
        readings = await self._log.read_after(cursor, STEP_ROWS) if cursor < self._log.last_seq else []
        if readings:
            await self._evaluate(readings)
        if len(readings) == STEP_ROWS:
            return True
        return max(await self._close_silent(), await self._drop()) >= AT_ONCE

    async def _begin(self) -> Seq:
        async with self._database.system() as tx:
            known = await tx.find_cursor(CONSUMER)
            # At the first start of a version with alarms nothing is evaluated that arrived before. If the newest segment was
            # moved away, its numbers no longer exist.
            self._cursor = self._log.last_seq if known is None else min(Seq(known), self._log.last_seq)
            await tx.set_cursor(CONSUMER, self._cursor)
        return self._cursor

    async def _evaluate(self, readings: Sequence[Reading]) -> None:
        fresh: dict[OrgId, dict[DeviceId, list[Reading]]] = defaultdict(lambda: defaultdict(list))
        for reading in readings:
            if reading.source < _RULE:
                fresh[reading.org_id][reading.device_id].append(reading)
        # Most devices are not meters: one query for all of them costs far less than to open one for each part.
        parts = [
            (org_id, {one: devices[one] for one in some})
            for org_id, devices in fresh.items()
            for some in _in_parts(await self._watched(org_id, devices))
        ]
        cursor = readings[-1].seq
        for org_id, part in parts[:-1]:
            await self._evaluate_part(org_id, part, None)
        await self._evaluate_part(*(parts[-1] if parts else (readings[-1].org_id, {})), cursor)
        self._cursor = cursor

    async def _watched(self, org_id: OrgId, devices: Collection[DeviceId]) -> list[DeviceId]:
        async with self._database.system_snapshot() as system:
            found = await system.for_organization(org_id).meter_alarms.watched(sorted(devices))
        watched = {one.device_id for one in found}
        return [one for one in devices if one in watched]

    async def _evaluate_part(self, org_id: OrgId, fresh: Mapping[DeviceId, Sequence[Reading]], cursor: Seq | None) -> None:
        async with self._database.system_snapshot() as system:
            meters = await self._evaluation.load(system.for_organization(org_id), fresh)
        counters = await self._evaluation.read(org_id, meters)
        if not meters and cursor is None:
            return
        async with self._database.system() as system:
            await self._evaluation.write(system.for_organization(org_id), org_id, meters, counters)
            if cursor is not None:
                await system.set_cursor(CONSUMER, cursor)

    async def _close_silent(self) -> int:
        now_us = self._settled.now_us()
        async with self._database.system_snapshot() as tx:
            silent = await tx.meter_alarms.silent(now_us, AT_ONCE)
        if silent:
            async with self._database.system() as tx:
                for one in silent:
                    own = tx.for_organization(one.org_id)
                    alarm = await own.meter_alarms.find(one.id)
                    if alarm is not None and alarm.until_us is None and alarm.last_us == one.last_us:
                        await self._evaluation.close(own, ended(alarm, alarm.last_us, EndReason.SILENT, now_us))
        return len(silent)

    async def on_device_deleted(self, entry: OutboxEntry) -> None:
        """End the alarms of a device that was deleted. Repeating the call has no effect."""
        now_us = self._clock.now_us()
        async with self._database.system() as system:
            tx = system.for_organization(entry.org_id)
            for alarm in await tx.meter_alarms.list_known([DeviceId(entry.subject_id)], MAX_US):
                if alarm.until_us is None:
                    await self._evaluation.close(tx, ended(alarm, now_us, EndReason.DEVICE_DELETED, now_us))

    async def on_redecode_finished(self, entry: OutboxEntry) -> None:
        """Have the meters whose past changed evaluated again with their next readings. Repeating the call has no effect."""
        async with self._database.system() as system:
            tx = system.for_organization(entry.org_id)
            await tx.meter_alarms.set_back_progress(RedecodeId(entry.subject_id), DAY_US + CONTEXT_US)

    async def _drop(self) -> int:
        now_us = self._settled.now_us()
        if not has_passed(self._dropped_us, HOUR_US, now_us):
            return 0
        async with self._database.system() as tx:
            dropped = await tx.meter_alarms.drop_ended(now_us - self._keep_us, AT_ONCE)
        if dropped < AT_ONCE:
            self._dropped_us = now_us
        return dropped


def _in_parts(devices: list[DeviceId]) -> list[list[DeviceId]]:
    return [devices[start : start + METERS_AT_ONCE] for start in range(0, len(devices), METERS_AT_ONCE)]
