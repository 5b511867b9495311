"""Runs re-decodes, a batch of uplinks at a time.

Theory of operation. When a re-decode begins, its plan is stored: the numbers of its uplinks, those without values first. A batch
is read from the log and decoded. Then one transaction of the database counts it, notes what depends on it, and stores the new
payloads as *pending*; only after it are they written to the log, which is another file. So after a crash either the batch is not
counted and is decoded again, or its payloads are pending and are written again, with the same result: each uplink is counted
once, and no change is made without being noted.

A cancellation is a change of the state in the database, which the next transaction finds.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.codecs.directory import CodecDirectory, Ready
from penstock.core.codecs.ports import Call, CodecRunner, RunStatus
from penstock.core.codecs.results import read_result
from penstock.core.database import Database
from penstock.core.redecodes import events
from penstock.core.redecodes.decoding import (
    Derive,
    Limits,
    Redecoded,
    StoredUplink,
    input_of,
    lacks_values,
    redecoded,
    stored_uplink,
)
from penstock.core.redecodes.earlier import EarlierReadings, Placed
from penstock.core.redecodes.models import DueRedecode, NewPayload, Redecode, RedecodeState
from penstock.core.redecodes.plans import MAX_UPLINKS, PlanBuilder, TooManyUplinksError, decode_plan, encode_plan
from penstock.core.redecodes.sensors import NewSensors
from penstock.core.redecodes.service import target_of
from penstock.core.redecodes.store import HasSystemRedecodes, RedecodeTransaction
from penstock.core.registers.changes import REDECODE
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.models import Reading, TimeRange
from penstock.core.telemetry.store import ReadingStore, Replacement
from penstock.kit.clock import Clock
from penstock.kit.errors import PenstockError
from penstock.kit.ids import DeviceId, IdSource, OrgId, RedecodeId, Seq

BATCH = 1_024
TURN, AHEAD = 8, 2
"""Batches of a re-decode before that of another organisation has its turn, and how many of them are in memory."""
SLICE = 32
"""Uplinks prepared before the event loop runs other tasks: about a millisecond."""
MAX_EARLIER = 10_000
"""Earlier readings in a batch: with more of them it has fewer uplinks, so that what is pending stays small."""


class _Job(msgspec.Struct):
    """A re-decode in progress. `noted_us` is from when on the consumption of a device was noted, `size` is of the next batch."""

    org_id: OrgId
    redecode: Redecode
    plan: Sequence[int]
    noted_us: dict[DeviceId, int]
    size: int


class _Outcome(msgspec.Struct):
    """One uplink and its outcome; `placed` is what is to be written of the earlier readings that it carried."""

    uplink: StoredUplink
    redecoded: Redecoded
    placed: list[Placed]

    @property
    def changed(self) -> list[dict[str, Any]]:
        """The values that are others than before."""
        own = [] if self.redecoded.changed is None else [self.redecoded.changed]
        return own + [one.changed for one in self.placed if one.changed is not None]

    @property
    def from_us(self) -> int:
        """The earliest time that changes."""
        reading = self.uplink.reading
        moved = [] if self.redecoded.time_us is None else [self.redecoded.time_us]
        times = [one.payload.time_us or reading.time_us for one in self.placed if one.changed is not None]
        return min([reading.time_us, *moved, *times])

    @property
    def payloads(self) -> list[NewPayload]:
        """What is to be written."""
        found = self.redecoded
        main = [] if found.payload is None else [self._main(found.payload, found.time_us)]
        return main + [one.payload for one in self.placed]

    @property
    def main(self) -> NewPayload:
        """The reading that is stored, as it will be."""
        reading, found = self.uplink.reading, self.redecoded
        return self._main(found.payload or reading.payload, found.time_us or reading.time_us)

    def _main(self, payload: bytes, time_us: int | None) -> NewPayload:
        return NewPayload(self.uplink.reading.device_id, self.uplink.reading.seq, payload, time_us, self.redecoded.dedupe)


class _Batch(msgspec.Struct):
    """The outcomes of so many uplinks; None if their scripts are suspended."""

    size: int
    outcomes: list[_Outcome] | None


class RedecodeRunner:
    """Runs the re-decodes of all organisations by turns."""

    def __init__(
        self,
        *,
        database: Database[RedecodeTransaction, HasSystemRedecodes],
        store: ReadingStore,
        latest: LatestReadings,
        earlier: EarlierReadings,
        directory: CodecDirectory,
        runner: CodecRunner,
        derive: Derive,
        has_route: Callable[[DeviceId], bool],
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._database = database
        self._store = store
        self._latest = latest
        self._earlier = earlier
        self._directory = directory
        self._runner = runner
        self._derive = derive
        self._has_route = has_route
        self._trail = trail
        self._sensors = NewSensors(ids, clock)
        self._clock = clock
        self._limits = limits
        self._jobs: dict[RedecodeId, _Job] = {}
        self._running = asyncio.Lock()
        """One batch after the other: two that share the sandbox would both be done late."""
        self.uplinks = 0
        """How many uplinks were processed since the start."""
        self.unfinished, self.left = 0, 0
        """How many re-decodes have not ended, and how many uplinks they have left."""

    async def step(self) -> bool:
        """Work on a few batches of each organisation's re-decode. Returns whether there is more immediately."""
        async with self._database.system_snapshot() as tx:
            due = await tx.redecodes.due()
            self.unfinished, self.left = await tx.redecodes.backlog()
        # Without those that were cancelled between two steps: their plans take up to 40 MB of memory.
        self._jobs = {one.id: self._jobs[one.id] for one in due if one.id in self._jobs}
        errors: dict[OrgId, PenstockError] = {}
        for one in due:
            if one.org_id in errors:
                continue  # what is pending must not be written after what a later re-decode writes
            try:
                await self._work(one)
            except PenstockError as failure:
                errors[one.org_id] = failure
        for error in errors.values():
            raise error
        return bool(due)

    async def _work(self, due: DueRedecode) -> None:
        job = self._jobs.pop(due.id, None) or await self._open(due.org_id, due.id)
        # After an error it is opened again, which writes what is pending.
        if job is not None and await self._advance(job):
            self._jobs[due.id] = job

    async def _open(self, org_id: OrgId, redecode_id: RedecodeId) -> _Job | None:
        """Begin a re-decode, or continue with it after a restart."""
        self._sensors.forget()
        async with self._database.snapshot(org_id) as tx:
            redecode, plan = await tx.redecodes.find(redecode_id), await tx.redecodes.plan(redecode_id)
            pending = await tx.redecodes.pending(redecode_id)
        if pending:
            await self._write(org_id, await self._unwritten(org_id, pending))
            async with self._database.transaction(org_id) as tx:
                await tx.redecodes.set_pending(redecode_id, ())
        if redecode is None or not redecode.is_active:
            return None
        if plan is None:
            return await self._begin(org_id, redecode)
        return _Job(org_id, redecode, await asyncio.to_thread(decode_plan, plan), {}, BATCH)

    async def _begin(self, org_id: OrgId, redecode: Redecode) -> _Job | None:
        """Plan a re-decode. What arrives from now on is decoded by the present codec anyway."""
        async with self._database.snapshot(org_id) as tx:
            devices = await tx.redecodes.devices(redecode)
        builder = PlanBuilder(lacks_values, only_failed=redecode.only_failed)
        span = TimeRange(from_us=redecode.from_us, to_us=redecode.to_us)
        try:
            await self._store.scan_uplinks(org_id, devices, span, redecode.until_seq, builder.add)
        except TooManyUplinksError:
            await self._end(org_id, redecode, f"there are more than {MAX_UPLINKS} uplinks; choose a shorter time")
            return None
        plan = await asyncio.to_thread(builder.seqs)
        stored = await asyncio.to_thread(encode_plan, plan)
        async with self._database.transaction(org_id) as tx:
            current = await tx.redecodes.find(redecode.id)
            if current is None or not current.is_active:
                return None
            begun = msgspec.structs.replace(
                current, state=RedecodeState.RUNNING, total=len(plan), started_us=self._clock.now_us()
            )
            await tx.redecodes.update(begun)
            await tx.redecodes.set_plan(redecode.id, stored)
        return _Job(org_id, begun, plan, {}, BATCH)

    async def _advance(self, job: _Job) -> bool:
        """Process the next batches. Returns whether the re-decode continues."""
        async with aclosing(self._batches(job)) as batches:
            async for batch in batches:
                if batch.outcomes is None:
                    reason = "the codec exceeded its limits repeatedly and is suspended for a while"
                    await self._end(job.org_id, job.redecode, reason)
                    return False
                if _is_too_large(job, batch.size, batch.outcomes):
                    return True
                await self._place(job.org_id, batch.outcomes)
                payloads = await self._count(job, batch.size, batch.outcomes)
                if payloads is None:
                    return False
                if payloads:
                    await self._write(job.org_id, payloads)
                self.uplinks += batch.size
        if job.redecode.done < len(job.plan):
            return True
        await self._end(job.org_id, job.redecode)
        return False

    async def _batches(self, job: _Job) -> AsyncGenerator[_Batch, None]:
        """The next batches, decoded. While one is written, the codec runs for the next one in its own process."""
        at, left = job.redecode.done, TURN
        ahead: deque[asyncio.Task[_Batch]] = deque()
        try:
            while True:
                while len(ahead) < AHEAD and left and (seqs := job.plan[at : at + job.size]):
                    ahead.append(asyncio.create_task(self._batch(job.org_id, [Seq(seq) for seq in seqs])))
                    at, left = at + len(seqs), left - 1
                if not ahead:
                    return
                yield await ahead.popleft()
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def _batch(self, org_id: OrgId, seqs: Sequence[Seq]) -> _Batch:
        readings = await self._store.find(org_id, seqs)
        return _Batch(len(seqs), await self._decode(org_id, readings))

    async def _decode(self, org_id: OrgId, readings: Sequence[Reading]) -> list[_Outcome] | None:
        """Decode the uplinks among readings that have a codec; None if the scripts of all of them are suspended."""
        decodable: list[tuple[StoredUplink, Ready]] = []
        given = []
        codecs = await self._directory.find_all(org_id, [one.device_id for one in readings])
        for number, reading in enumerate(readings, 1):
            uplink, ready = stored_uplink(reading, self._derive), codecs[reading.device_id]
            if uplink is not None and ready is not None:
                decodable.append((uplink, ready))
                given.append((ready.script, input_of(uplink, ready.used).as_json(Call.DECODE_UPLINK)))
            if number % SLICE == 0:
                await asyncio.sleep(0)
        routed = await self._routed(org_id, [uplink for uplink, _ in decodable])
        async with self._running:
            runs = await self._runner.run_all(org_id, Call.DECODE_UPLINK, given)
        if runs and all(run.status is RunStatus.SUSPENDED for run in runs):
            return None
        outcomes: list[_Outcome] = []
        for (uplink, ready), run in zip(decodable, runs, strict=True):
            if run.status is RunStatus.SUSPENDED:
                found = Redecoded(failed=True)  # for a while, which says nothing about the uplink
            else:
                result, has_route = read_result(Call.DECODE_UPLINK, run), uplink.reading.device_id in routed
                found = redecoded(uplink, ready.used, result, self._derive, self._limits, has_route=has_route)
            outcomes.append(_Outcome(uplink, found, []))
            if found.earlier or len(outcomes) % SLICE == 0:
                await asyncio.sleep(0)
        return outcomes

    async def _routed(self, org_id: OrgId, uplinks: Sequence[StoredUplink]) -> frozenset[DeviceId]:
        without = {uplink.reading.device_id for uplink in uplinks if not uplink.has_values}
        if not without:
            return frozenset()
        recent = frozenset(filter(self._has_route, without))  # a route is stored shortly after its first message
        async with self._database.snapshot(org_id) as tx:
            return recent | await tx.redecodes.routed(list(without))

    async def _place(self, org_id: OrgId, outcomes: Sequence[_Outcome]) -> None:
        """Look up which of the earlier readings are stored already."""
        found = [(each, one) for each in outcomes for one in each.redecoded.earlier]
        written = [each.main for each in outcomes] if found else []
        for placed in await self._earlier.place(org_id, [one for _, one in found], written):
            found[placed.number][0].placed.append(placed)

    async def _unwritten(self, org_id: OrgId, pending: Sequence[NewPayload]) -> list[NewPayload]:
        """Pending payloads without new readings that a crash did not prevent, or of devices that were deleted since."""
        new = [one for one in pending if one.is_new and await self._directory.find(org_id, one.device_id) is not None]
        placed = await self._earlier.place(org_id, new)
        return [*(one for one in pending if not one.is_new), *(one.payload for one in placed)]

    async def _count(self, job: _Job, size: int, outcomes: Sequence[_Outcome]) -> list[NewPayload] | None:
        """Count a batch and note what depends on it. Returns the payloads to write; None if the re-decode was cancelled."""
        payloads = [one for each in outcomes for one in each.payloads]
        changed = [one for one in outcomes if one.changed]
        noted = _earlier(job, changed)
        async with self._database.transaction(job.org_id) as tx:
            current = await tx.redecodes.find(job.redecode.id)
            if current is None or not current.is_active:
                # The batches before this one are written.
                await tx.redecodes.set_pending(job.redecode.id, ())
                return None
            counted = msgspec.structs.replace(
                current,
                done=current.done + size,
                changed=current.changed + len(changed),
                failed=current.failed + sum(one.redecoded.failed for one in outcomes),
                skipped=current.skipped + size - len(outcomes),
            )
            await tx.redecodes.update(counted)
            await tx.redecodes.set_pending(current.id, payloads)
            if noted:
                await tx.consumption_changes.add_all(noted, REDECODE, self._clock.now_us())
            await self._sensors.add(tx, [(each.uplink.reading.device_id, one) for each in changed for one in each.changed])
        job.redecode = counted
        job.noted_us |= noted
        return payloads

    async def _write(self, org_id: OrgId, payloads: Sequence[NewPayload]) -> None:
        """Write payloads that are counted, and have the latest readings read again."""
        stored = [Replacement(*msgspec.structs.astuple(one)) for one in payloads if not one.is_new]
        await self._store.replace_payloads(org_id, stored)
        await self._earlier.append(org_id, [one for one in payloads if one.is_new])
        for device_id in {one.device_id for one in payloads}:
            self._latest.reread(device_id)

    async def _end(self, org_id: OrgId, redecode: Redecode, reason: str = "") -> None:
        now_us = self._clock.now_us()
        state = RedecodeState.FAILED if reason else RedecodeState.DONE
        async with self._database.transaction(org_id) as tx:
            current = await tx.redecodes.find(redecode.id)
            if current is None or not current.is_active:
                return
            ended = msgspec.structs.replace(current, state=state, reason=reason, finished_us=now_us)
            await tx.redecodes.update(ended)
            await tx.redecodes.set_pending(ended.id, ())
            await tx.outbox.add(events.FINISHED, ended.id, events.finished(ended, now_us))
            counts = {name: getattr(ended, name) for name in ("total", "changed", "failed", "skipped")}
            target = target_of(ended)
            await self._trail.record(tx, Actor.system(org_id), "codec.redecode.finish", target, state=state.value, **counts)


def _earlier(job: _Job, changed: Sequence[_Outcome]) -> dict[DeviceId, int]:
    """The earliest changed time of each device, if it is earlier than what was noted."""
    found: dict[DeviceId, int] = {}
    for one in changed:
        device_id, from_us = one.uplink.reading.device_id, one.from_us
        if from_us < found.get(device_id, job.noted_us.get(device_id, from_us + 1)):
            found[device_id] = from_us
    return found


def _is_too_large(job: _Job, size: int, outcomes: Sequence[_Outcome]) -> bool:
    """Whether a batch has to be decoded again with fewer uplinks. Sets the size of the next one."""
    earlier = sum(len(one.redecoded.earlier) for one in outcomes)
    if earlier > MAX_EARLIER and size > 1:
        job.size = max(1, size * MAX_EARLIER // (2 * earlier))
        return True
    if earlier < MAX_EARLIER // 4:
        job.size = min(BATCH, job.size * 2)
    return False
