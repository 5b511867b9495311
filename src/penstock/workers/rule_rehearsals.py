"""Runs rehearsals: evaluates stored history as a running rule would, and executes no actions.

Readings are evaluated in the order in which they arrived, late ones included, as if each had arrived in time. Other events come
from their own history, with the last values and windows of that time. A rehearsal lets the event loop run other tasks every few
milliseconds, so that it slows down only itself.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence

import msgspec
import structlog

from penstock.core.actor import Actor
from penstock.core.database import OrganizationDatabase
from penstock.core.rules.config import RulesConfig
from penstock.core.rules.contexts import EvaluationContext, variables_of
from penstock.core.rules.definition import ReadingTrigger, name_of
from penstock.core.rules.engine import Armed, RuleEngine, arm, concerns_device
from penstock.core.rules.errors import RehearsalNotFound, TooManyRehearsals
from penstock.core.rules.models import Outcome, Rule, Run, RunningRule, Version
from penstock.core.rules.rehearsals import MAX_DEVICES_SHOWN, MAX_SHOWN, Rehearsal, RehearsalState, RehearsedRun, WouldDo
from penstock.core.rules.service import check_rights, get_rule, get_version, newest
from penstock.core.rules.trigger_events import TriggerEvent, context_of
from penstock.core.rules.watch import DeviceFacts, Watch, remembered_at
from penstock.core.telemetry.models import TimeRange
from penstock.core.telemetry.store import ReadingLog, ReadingStore
from penstock.kit.clock import Clock
from penstock.kit.errors import PenstockError
from penstock.kit.ids import DeviceId, IdSource, Prefix, RehearsalId, RuleId, Seq, VersionId, encode
from penstock.workers.rule_history import HistoryTransaction, RuleHistory
from penstock.workers.rule_runs import fields_of

STEP_ROWS = 10_000
SLICE_ROWS = 50
KEPT = 200
"""The maximum number of stored rehearsals, over all organisations."""
_log = structlog.get_logger()


class Rehearsals:
    """Implements `Rehearser`."""

    def __init__(
        self,
        *,
        log: ReadingLog,
        store: ReadingStore,
        database: OrganizationDatabase[HistoryTransaction],
        ids: IdSource,
        clock: Clock,
        config: RulesConfig,
    ) -> None:
        self._log = log
        self._store = store
        self._database = database
        self._ids = ids
        self._clock = clock
        self._past = RuleHistory(database)
        # A limit that stops a running rule would end a rehearsal before it shows anything.
        self._config = msgspec.structs.replace(
            config, max_failures_in_a_row=1 << 60, max_runs_per_minute=1 << 60, evaluation_budget_ms=1e9
        )
        self._known: OrderedDict[int, Rehearsal] = OrderedDict()
        self._tasks: dict[RehearsalId, asyncio.Task[None]] = {}

    async def start(
        self,
        actor: Actor,
        rule_id: RuleId,
        version_id: VersionId | None,
        span: TimeRange,
    ) -> Rehearsal:
        async with self._database.snapshot(actor.org_id) as tx:
            rule = await get_rule(tx, rule_id)
            version = await (newest(tx, rule) if version_id is None else get_version(tx, rule_id, version_id))
        armed = arm(RunningRule(rule=_unstarted(rule), version=_with_backfill(version)))
        # A rehearsal shows stored readings and events, so it must not bypass the scopes of the caller either.
        check_rights(actor, armed.compiled)
        self._check_room(actor)
        # Outside a transaction: there can be 100,000 rows, and other writers must not wait for them.
        trigger_events, left_out = await self._history(armed, span)
        rehearsal = self._new(version, span)
        rehearsal.reason = left_out
        self._remember(rehearsal)
        stage = _Stage(rehearsal, armed, RuleEngine(self._ids, self._config))
        self._tasks[rehearsal.id] = asyncio.create_task(self._run(stage, trigger_events), name="rehearsal")
        return rehearsal

    def _check_room(self, actor: Actor) -> None:
        running = sum(one.state is RehearsalState.RUNNING for one in self._known.values() if one.org_id == actor.org_id)
        if running >= self._config.max_rehearsals:
            raise TooManyRehearsals(limit=self._config.max_rehearsals)

    def get(self, actor: Actor, rehearsal_id: RehearsalId) -> Rehearsal:
        found = self._known.get(rehearsal_id)
        if found is None or found.org_id != actor.org_id:
            raise RehearsalNotFound(rehearsal_id=encode(Prefix.REHEARSAL, rehearsal_id))
        return found

    def cancel(self, actor: Actor, rehearsal_id: RehearsalId) -> None:
        found = self.get(actor, rehearsal_id)
        if found.state is RehearsalState.RUNNING:
            self._end(found, RehearsalState.CANCELLED, "cancelled")

    async def run(self) -> None:
        """Wait until cancelled, then end every rehearsal."""
        try:
            await asyncio.Event().wait()
        finally:
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _new(self, version: Version, span: TimeRange) -> Rehearsal:
        return Rehearsal(
            id=self._ids.next(RehearsalId),
            org_id=version.org_id,
            rule_id=version.rule_id,
            version_id=version.id,
            number=version.number,
            span=span,
            started_us=self._clock.now_us(),
        )

    def _remember(self, rehearsal: Rehearsal) -> None:
        self._known[rehearsal.id] = rehearsal
        over = [one.id for one in self._known.values() if one.state is not RehearsalState.RUNNING]
        for old in over[: max(len(self._known) - KEPT, 0)]:
            del self._known[old]

    async def _history(self, armed: Armed, span: TimeRange) -> tuple[list[TriggerEvent], str]:
        """The events other than readings that the rule would have evaluated, and a note on the missing ones."""
        if isinstance(armed.trigger, ReadingTrigger):
            return [], ""
        now_us = self._clock.now_us()
        return await self._past.of(armed, msgspec.structs.replace(span, to_us=min(span.to_us, now_us)))

    async def _run(self, stage: _Stage, trigger_events: Sequence[TriggerEvent]) -> None:
        rehearsal = stage.rehearsal
        try:
            if isinstance(stage.armed.trigger, ReadingTrigger):
                await self._rehearse_readings(stage)
            else:
                await self._rehearse(stage, trigger_events)
            if rehearsal.state is RehearsalState.RUNNING:
                rehearsal.progress = 1.0
                self._end(rehearsal, RehearsalState.DONE, rehearsal.reason)
        except PenstockError as error:
            self._end(rehearsal, RehearsalState.FAILED, error.detail)
        finally:
            if rehearsal.state is RehearsalState.RUNNING:
                self._end(rehearsal, RehearsalState.CANCELLED, "the server stopped")
            self._tasks.pop(rehearsal.id, None)

    def _end(self, rehearsal: Rehearsal, state: RehearsalState, reason: str) -> None:
        rehearsal.state, rehearsal.reason, rehearsal.finished_us = state, reason, self._clock.now_us()

    async def _rehearse_readings(self, stage: _Stage) -> None:
        rehearsal = stage.rehearsal
        watch = Watch(self._store, DeviceFacts(self._database), [stage.armed])
        # The end is fixed now: readings that keep arriving would otherwise keep the rehearsal running.
        first_seq, last_seq, seq = self._log.first_seq, self._log.last_seq, Seq(0)
        while rehearsal.state is RehearsalState.RUNNING:
            readings = await self._store.arrived(rehearsal.org_id, rehearsal.span, seq, STEP_ROWS)
            for start in range(0, len(readings), SLICE_ROWS):
                part = [one for one in readings[start : start + SLICE_ROWS] if one.seq <= last_seq]
                await watch.prepare(part)
                for reading in part:
                    stage.evaluate(reading.seq, watch.contexts(reading, reading.time_us))
                await asyncio.sleep(0)
            stage.count()
            if len(readings) < STEP_ROWS or readings[-1].seq >= last_seq:
                return
            seq = readings[-1].seq
            rehearsal.progress = min((seq - first_seq + 1) / max(last_seq - first_seq + 1, 1), 1.0)

    async def _rehearse(self, stage: _Stage, trigger_events: Sequence[TriggerEvent]) -> None:
        armed, rehearsal, facts = stage.armed, stage.rehearsal, DeviceFacts(self._database)
        for start in range(0, len(trigger_events), SLICE_ROWS):
            part = trigger_events[start : start + SLICE_ROWS]
            await facts.load(rehearsal.org_id, {one.device_id for one in part if one.device_id is not None})
            for one in part:
                device = facts.find(one.device_id) if one.device_id is not None else None
                contexts = []
                if one.device_id is None or (device is not None and concerns_device(armed, one.device_id, device)):
                    # Values after this time are excluded; values that were backfilled, as if they had arrived in time, are
                    # included.
                    then = await remembered_at(self._store, facts, armed, one.device_id, one.at_us, self._log.last_seq)
                    contexts = [(armed, context_of(armed, one, rehearsal.org_id, device, then, one.at_us))]
                stage.evaluate(None, contexts)
            stage.count()
            rehearsal.progress = min((start + len(part)) / len(trigger_events), 1.0)
            await asyncio.sleep(0)
            if rehearsal.state is not RehearsalState.RUNNING:
                return


class _Stage:
    """A rehearsal in progress: evaluates events, and counts."""

    def __init__(self, rehearsal: Rehearsal, armed: Armed, engine: RuleEngine) -> None:
        self.rehearsal = rehearsal
        self.armed = armed
        self._engine = engine
        self._devices: Counter[DeviceId] = Counter()

    def count(self) -> None:
        """Count the runs, and the devices that caused them."""
        self.rehearsal.devices = len(self._devices)
        self.rehearsal.by_device = dict(self._devices.most_common(MAX_DEVICES_SHOWN))

    def evaluate(self, seq: Seq | None, contexts: Iterable[tuple[Armed, EvaluationContext]]) -> None:
        """Evaluate a reading, or another event."""
        rehearsal = self.rehearsal
        rehearsal.read += 1
        for armed, context in contexts:
            rehearsal.evaluated += 1
            shown = len(rehearsal.first) < MAX_SHOWN
            run = self._engine.evaluate(armed, context, context.arrived_us, inputs=shown)
            armed.stop_reason = ""  # a rule that would be stopped continues, to show how often
            if run is None:
                continue
            failed = run.outcome is Outcome.FAILED
            rehearsal.failed += failed
            rehearsal.fired += not failed
            rehearsal.count_at(context.at_us)
            if context.device_id is not None:
                self._devices[context.device_id] += 1
            if shown:
                rehearsal.first.append(_rehearsed_run(run, armed, seq))


def _rehearsed_run(run: Run, armed: Armed, seq: Seq | None) -> RehearsedRun:
    actions: list[WouldDo] = []
    if run.outcome is not Outcome.FAILED:
        variables = variables_of(run.inputs)
        for action in armed.compiled.actions:
            rendered, problem = action.rendered(variables, [])
            actions.append(WouldDo(type=name_of(action.action), fields=fields_of(action, rendered), problem=problem))
    return RehearsedRun(
        seq=seq,
        cause=run.cause,
        device_id=run.device_id,
        at_us=run.at_us,
        inputs=run.inputs,
        actions=actions,
        problem=run.reason,
    )


def _unstarted(rule: Rule) -> Rule:
    """The rule as if it had been running from the start of the range."""
    return msgspec.structs.replace(rule, from_seq=0)


def _with_backfill(version: Version) -> Version:
    """The version with late readings included: history is often backfilled, and was then not late."""
    definition, trigger = version.definition, version.definition.trigger
    if not isinstance(trigger, ReadingTrigger):
        return version
    trigger = msgspec.structs.replace(trigger, backfill=True)
    return msgspec.structs.replace(version, definition=msgspec.structs.replace(definition, trigger=trigger))
