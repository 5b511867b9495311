"""Evaluates alerts: follows the reading log and connectivity, writes the results, and executes actions.

Theory of operation. The engine holds the state of every alert in memory. It receives new readings from the log's commits, and
drops those of devices without alerts immediately; after a start, and whenever it has fallen behind, it reads the log itself.
States, events, actions and the position in the log are written in one transaction: immediately if something happened, otherwise
every few seconds. Until then nothing outside has seen the results, so after a crash the same readings are simply evaluated
again, with the same outcome.

Changes by users (definitions, acknowledgements) arrive as rows, which are removed in the transaction in which the engine writes
its results. The caller of a change calls `changed`, and no reading is evaluated before the change is loaded.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec
import structlog

from penstock.core.alerts.actions import name_of
from penstock.core.alerts.conditions import RaisedByRule
from penstock.core.alerts.engine import SETTLE_US, Engine
from penstock.core.alerts.jobs import RETRIES, ActionJob
from penstock.core.alerts.keeping import AlertNotes
from penstock.core.alerts.models import Change, ChangeKind
from penstock.core.alerts.ports import ActionRunners
from penstock.core.alerts.store import AlertSystemTransaction, AlertTransaction, SavedState
from penstock.core.database import Database, repeated_after_commit
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.telemetry.models import Reading
from penstock.core.telemetry.store import ReadingLog
from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US, Clock, has_passed
from penstock.kit.errors import PenstockError
from penstock.kit.ids import AlertId, ChangeId, DeviceId, EventId, IdSource, OrgId, Prefix, RuleId, Seq, encode
from penstock.kit.retry_after import MAX_RETRY_AFTER_US
from penstock.workers.loop import run_loop, task_group

CONSUMER = "alerts"
CONNECTIVITY_CONSUMER = "alerts_connectivity"
INTERVAL_S = 0.2
FLUSH_S = 5.0
GATHER_S = 0.05
"""How long readings collect after the first, so that single readings are evaluated together."""
FLUSH_ROWS = 50_000
"""Readings evaluated since the position in the log was last written, which are read again after a crash."""
STEP_ROWS = 5_000
SLICE_ROWS = 250
MAX_WAITING = 20_000
"""The maximum number of readings in memory; above it, they are read from the log."""
CHANGES_AT_ONCE = 1_000
JOBS_AT_ONCE = 50
DROP_AT_ONCE = 1_000
_Chains: TypeAlias = Mapping[DeviceId, tuple[RuleId, ...]]
"""The rules that led to the changes of devices."""
_log = structlog.get_logger()


class AlertWorker:
    """The worker. `run` ends when cancelled."""

    def __init__(
        self,
        *,
        log: ReadingLog,
        database: Database[AlertTransaction, AlertSystemTransaction],
        ids: IdSource,
        clock: Clock,
        errors: EvaluationErrors,
    ) -> None:
        self._errors = errors
        self._log = log
        self._database = database
        self._ids = ids
        self._clock = clock
        self._notes = AlertNotes(ids)
        self._engine: Engine | None = None
        self._cursor = Seq(0)
        self._written = Seq(0)
        self._written_s = 0.0
        self._errors_written = 0
        self._connectivity = ChangeId(0)
        self._learnt: dict[OrgId, ChangeId] = {}
        self._devices_changed: dict[DeviceId, tuple[RuleId, ...]] = {}
        """With the rules that led to their changes."""
        self._notified = True
        self._fresh: list[Reading] = []
        self._seen: dict[DeviceId, int] = {}
        self._news = asyncio.Event()
        self._following = False
        log.subscribe(self._on_commit)

    @property
    def lag(self) -> int:
        """How many sequence numbers it is behind the log."""
        return self._log.last_seq - self._cursor

    @repeated_after_commit
    def changed(self) -> None:
        """A definition or occurrence has changed, and the change is committed."""
        self._notified, self._following = True, False
        self._fresh.clear()

    def device_changed(self, device_id: DeviceId, chain: tuple[RuleId, ...] = ()) -> None:
        """A device was changed or deleted, and the change is committed. `chain` are the rules that led to it."""
        self._devices_changed[device_id] = tuple(dict.fromkeys((*self._devices_changed.get(device_id, ()), *chain)))
        self.changed()

    def seen(self, org_id: OrgId, device_id: DeviceId, at_us: int) -> None:
        """A device was seen without a reading. Not repeated after a restart, when every device has its full time again."""
        if self._engine is not None and self._engine.concerns(org_id, device_id):
            self._seen[device_id] = at_us
            self._news.set()

    async def run(self) -> None:
        """Evaluate until cancelled, then write how far it came: otherwise failures would be counted again after the start."""
        await run_loop(self.step, INTERVAL_S, "alerts_delayed", self._news, gather_s=GATHER_S, last=self._write_last)

    async def step(self) -> bool:
        """Load changes, evaluate new readings, write the results. Returns whether there is more immediately."""
        try:
            engine = self._engine or await self._load()
            more = await self._learn(engine) if self._notified else False
            now_us = self._clock.now_us()
            if not more:
                more = await self._read(engine)
            if not more:
                # Timers wait for the rest of the log, because what arrived before they were due is evaluated first.
                await self._follow_connectivity(engine)
                await self._take_seen(engine)
                engine.advance(now_us - SETTLE_US)
            if self._worth_writing(engine):
                await self._write(engine)
        except BaseException:
            self._engine = None  # unwritten results are computed again
            # Readings between the stored position and those in memory must come from the log again.
            self.changed()
            raise
        return more

    # State of the engine.

    async def _load(self) -> Engine:
        engine = Engine(self._ids.number, self._errors, self._clock.now_us())
        async with self._database.system_snapshot() as tx:
            alerts, states = await tx.alerts.enabled(), await tx.alerts.states()
            devices = await tx.alerts.devices_of(sorted({one.org_id for one in alerts}))
            # The stored position can be beyond the log's end, if the newest segment was moved away.
            self._cursor = min(Seq(await tx.cursor(CONSUMER)), self._log.last_seq)
            known = await tx.find_cursor(CONNECTIVITY_CONSUMER)
            # Without a stored position, changes from before the first evaluation must raise nothing.
            self._connectivity = await tx.alerts.last_connectivity() if known is None else ChangeId(known)
        if not alerts:
            # An alert that is created later ignores readings that arrived before it (`armed_us`).
            self._cursor = self._log.last_seq
        self._written, self._written_s = self._cursor, self._clock.monotonic()
        self._learnt.clear()
        now_us = self._clock.now_us()
        for device in devices:
            engine.put_device(device, now_us)
        for alert in alerts:
            engine.put_alert(alert)
        for saved in states:
            engine.put_state(saved, now_us)
        self._engine = engine
        return engine

    async def _learn(self, engine: Engine) -> bool:
        """Load changes by users. Returns whether there are more."""
        # Reset before the read: a change that commits during it sets the flag again, and is loaded next.
        self._notified = False
        changed, self._devices_changed = self._devices_changed, {}
        try:
            async with self._database.system_snapshot() as tx:
                changes = await tx.alerts.changes(CHANGES_AT_ONCE)
                for change in changes:
                    # Rows are deleted only with the results, so a change that was already applied can be read again.
                    if change.id > max(self._learnt.values(), default=0):
                        await self._apply(tx, engine, change, changed)
                await self._put_devices(tx, engine, changed, changed)
        except BaseException:
            for device_id, chain in changed.items():
                self.device_changed(device_id, chain)
            raise
        self._notified |= len(changes) == CHANGES_AT_ONCE
        return self._notified

    async def _apply(self, tx: AlertSystemTransaction, engine: Engine, change: Change, changed: _Chains) -> None:
        self._learnt[change.org_id] = change.id
        now_us = self._clock.now_us()
        match change.kind:
            case ChangeKind.ALERT:
                alert = await tx.for_organization(change.org_id).alerts.find(AlertId(change.subject_id))
                if alert is None or isinstance(alert.condition, RaisedByRule):
                    engine.drop_alert(change.org_id, AlertId(change.subject_id))
                    return
                # Devices are loaded only for organisations with alerts; this may be the organisation's first.
                if change.org_id not in engine.organizations and alert.enabled:
                    for device in await tx.alerts.devices_of([change.org_id]):
                        engine.put_device(device, now_us)
                engine.put_alert(alert)
            case ChangeKind.DEVICE:
                await self._put_devices(tx, engine, [DeviceId(change.subject_id)], changed)
            case ChangeKind.ACKNOWLEDGED:
                engine.acknowledged(change.alert_id, change.device_id, EventId(change.subject_id))
            case ChangeKind.CLEARED:
                engine.cleared(change.alert_id, change.device_id, EventId(change.subject_id))

    async def _put_devices(self, tx: AlertSystemTransaction, engine: Engine, ids: Collection[DeviceId], changed: _Chains) -> None:
        if not ids:
            return
        found = {device.id: device for device in await tx.alerts.devices(sorted(ids))}
        for device_id in sorted(ids):
            if device_id in found and found[device_id].org_id in engine.organizations:
                engine.put_device(found[device_id], self._clock.now_us(), changed.get(device_id, ()))
            else:
                engine.drop_device(device_id)

    # Input.

    def _on_commit(self, readings: Sequence[Reading]) -> None:
        if not self._following or self._engine is None:
            return
        concerns = self._engine.concerns
        fresh = [one for one in readings if concerns(one.org_id, one.device_id)]
        self._fresh += fresh
        if fresh:
            self._news.set()
        if len(self._fresh) > MAX_WAITING:
            self._fresh.clear()
            self._following = False

    async def _read(self, engine: Engine) -> bool:
        """Evaluate the next part of the log. Returns whether there is more immediately."""
        if self._following:
            # No await between the engine's loading of changes and this line, except if `_notified` is set: no reading is missed.
            if self._notified:
                return True
            rows, self._fresh, up_to, more = self._fresh, [], self._log.last_seq, False
        elif not engine.organizations:
            rows, up_to, more = [], self._log.last_seq, self._notified
            self._following = not self._notified
        else:
            self._fresh.clear()
            self._following = True  # from here on commits are kept, so that none is missed
            found = await self._log.read_after(self._cursor, STEP_ROWS)
            # A change committed during the read: these readings are evaluated only after it is loaded.
            if self._notified:
                return True
            more = len(found) == STEP_ROWS
            self._following &= not more
            up_to = max(self._cursor, found[-1].seq if found else Seq(0))
            rows = [one for one in found if engine.concerns(one.org_id, one.device_id)]
        # Readings that committed during a read of the log are both in memory and among those read.
        rows = [one for one in rows if one.seq > self._cursor]
        await self._load_devices(engine, rows)
        for start in range(0, len(rows), SLICE_ROWS):
            for reading in rows[start : start + SLICE_ROWS]:
                engine.read(reading)
            await asyncio.sleep(0)
        self._cursor = max(self._cursor, up_to)
        return more

    async def _load_devices(self, engine: Engine, rows: Sequence[Reading]) -> None:
        await self._load_unknown(engine, {one.device_id for one in rows})

    async def _load_unknown(self, engine: Engine, ids: Iterable[DeviceId]) -> None:
        unknown = sorted(device_id for device_id in ids if not engine.has_device(device_id))
        if unknown:
            async with self._database.system_snapshot() as tx:
                await self._put_devices(tx, engine, unknown, {})

    async def _follow_connectivity(self, engine: Engine) -> None:
        if not engine.follows_connectivity:
            return
        async with self._database.system_snapshot() as tx:
            changes = await tx.alerts.connectivity_after(self._connectivity, STEP_ROWS)
        for change_id, device_id, online, at_us in changes:
            engine.connectivity(device_id, online, at_us)
            self._connectivity = change_id

    async def _take_seen(self, engine: Engine) -> None:
        await self._load_unknown(engine, self._seen)
        seen, self._seen = self._seen, {}
        for device_id, at_us in sorted(seen.items(), key=lambda one: one[1]):
            engine.seen(device_id, at_us)

    # Output.

    def _worth_writing(self, engine: Engine) -> bool:
        if engine.effects or self._learnt or self._cursor - self._written > FLUSH_ROWS:
            return True
        news = bool(engine.touched) or self._errors.total != self._errors_written
        return news and self._clock.monotonic() - self._written_s > FLUSH_S

    async def _write_last(self) -> None:
        # After an interrupted step there is no engine, and its readings are evaluated again.
        if self._engine is not None and self._cursor > self._written:
            await self._write(self._engine)

    async def _write(self, engine: Engine) -> None:
        states: dict[OrgId, list[SavedState]] = defaultdict(list)
        for saved in engine.states():
            states[saved.org_id].append(saved)
        async with self._database.system() as tx:
            for effect in engine.effects:
                await self._notes.write(tx.for_organization(effect.alert.org_id), effect)
            for org_id, rows in states.items():
                await tx.for_organization(org_id).alerts.save_states(rows)
            for org_id, change_id in self._learnt.items():
                await tx.for_organization(org_id).alerts.forget_changes(change_id)
            await tx.set_cursor(CONSUMER, self._cursor)
            await tx.set_cursor(CONNECTIVITY_CONSUMER, self._connectivity)
        engine.effects.clear()
        engine.touched.clear()
        self._learnt.clear()
        self._written, self._written_s = self._cursor, self._clock.monotonic()
        self._errors_written = self._errors.total


class _Again(msgspec.Struct, frozen=True):
    """How long a failed action waits: the pause of its attempt, and what a busy provider asked for (`retry_after_s`)."""

    pause_us: int
    asked_us: int


class ActionWorker:
    """Executes queued actions, and removes occurrences that ended long ago."""

    def __init__(
        self,
        *,
        database: Database[AlertTransaction, AlertSystemTransaction],
        runners: ActionRunners,
        clock: Clock,
        settled: Clock,
        attempts: int,
        keep_days: int,
    ) -> None:
        self._database = database
        self._runners = runners
        self._clock = clock
        self._settled = settled
        self._attempts = attempts
        self._keep_us = keep_days * DAY_US
        self._dropped_us = 0

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "alert_actions_delayed")

    async def step(self) -> bool:
        """Try every due action once. Returns whether there are more."""
        now_us = self._clock.now_us()
        async with self._database.system_snapshot() as tx:
            due = await tx.alerts.due_jobs(now_us, JOBS_AT_ONCE)
        lanes: dict[tuple[OrgId, str, str], list[ActionJob]] = defaultdict(list)
        for job in due:
            lanes[job.org_id, name_of(job.action), getattr(job.action, "channel", "")].append(job)
        async with task_group() as tasks:
            for jobs in lanes.values():
                tasks.create_task(self._lane(jobs))
        return len(due) == JOBS_AT_ONCE or await self._drop()

    async def _lane(self, jobs: Sequence[ActionJob]) -> None:
        """Try jobs of one channel in order. If one fails, the others wait: a failing channel must not delay all others."""
        for index, job in enumerate(jobs):
            again = await self._try(job)
            async with self._database.transaction(job.org_id) as own:
                # Removed after the attempt, not before: a crash must repeat an action, under the same id, rather than lose it.
                if again is None:
                    await own.occurrences.remove_job(job.id)
                    continue
                now_us = self._clock.now_us()
                await own.occurrences.postpone_job(job.id, now_us + max(again.pause_us, again.asked_us))
                # The other jobs were not attempted, so they are delayed without losing an attempt.
                for other in jobs[index + 1 :]:
                    await own.occurrences.delay_job(other.id, now_us + max(RETRIES.pause_us(1), again.asked_us))
            return

    async def _try(self, job: ActionJob) -> _Again | None:
        """Returns how long to wait; None if it succeeded or no attempt is left."""
        facts = {"action": name_of(job.action), "alert_event": encode(Prefix.EVENT, job.event.event_id)}
        runner = self._runners.find(name_of(job.action))
        if runner is None:
            _log.warning("alert_action_dropped", reason="this server has no channel for this type of action", **facts)
            return None
        try:
            await runner.run(job)
        except PenstockError as error:
            attempts = job.attempts + 1
            given_up = attempts >= self._attempts
            _log.warning("alert_action_dropped" if given_up else "alert_action_delayed", reason=error.detail, **facts)
            asked_us = min(error.facts.get("retry_after_s", 0) * SECOND_US, MAX_RETRY_AFTER_US)
            return None if given_up else _Again(RETRIES.pause_us(attempts), asked_us)
        return None

    async def _drop(self) -> bool:
        now_us = self._settled.now_us()
        if not has_passed(self._dropped_us, HOUR_US, now_us):
            return False
        async with self._database.system() as tx:
            before_us = now_us - self._keep_us
            dropped = max(
                await tx.alerts.drop_cleared(before_us, DROP_AT_ONCE), await tx.alerts.drop_repeats(before_us, DROP_AT_ONCE)
            )
        if dropped < DROP_AT_ONCE:
            self._dropped_us = now_us
        return dropped == DROP_AT_ONCE
