"""Runs rehearsals: stored readings through the same eyes as those of a rule at work, and nothing done.

Readings come in the order in which they arrived, those that came late included, as if each had come in time. A rehearsal gives
the event loop its turn every few milliseconds, so that it slows nothing down but itself.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Sequence

import msgspec
import structlog

from penstock.core.actor import Actor
from penstock.core.idempotency import IdempotencyKey
from penstock.core.ports import Database
from penstock.core.rules.config import RulesConfig
from penstock.core.rules.definition import TriggerType
from penstock.core.rules.engine import Armed, RuleEngine, arm
from penstock.core.rules.errors import RehearsalImpossible, RehearsalNotFound, TooManyRehearsals
from penstock.core.rules.models import Outcome, Rule, Run, RunningRule, Version
from penstock.core.rules.rehearsals import MAX_DEVICES_SHOWN, MAX_SHOWN, Occasion, Rehearsal, RehearsalState, WouldDo
from penstock.core.rules.service import get_rule, get_version, newest
from penstock.core.rules.situations import variables_of
from penstock.core.rules.watch import DeviceFacts, Watch
from penstock.core.telemetry.models import Reading, TimeRange
from penstock.core.telemetry.store import ReadingLog, ReadingStore
from penstock.kit.clock import Clock
from penstock.kit.errors import PenstockError
from penstock.kit.ids import IdSource, Prefix, encode
from penstock.workers.rule_runs import fields_of

STEP_ROWS = 10_000
SLICE_ROWS = 50
KEPT = 200
"""Rehearsals that are remembered, of all organisations together."""
_log = structlog.get_logger()


class Rehearsals:
    """Implements `Rehearser`."""

    def __init__(
        self,
        *,
        log: ReadingLog,
        store: ReadingStore,
        database: Database,
        ids: IdSource,
        clock: Clock,
        config: RulesConfig,
    ) -> None:
        self._log = log
        self._store = store
        self._database = database
        self._ids = ids
        self._clock = clock
        # What stops a rule at work would end a rehearsal before it shows anything.
        self._config = msgspec.structs.replace(
            config, max_failures_in_a_row=1 << 60, max_runs_per_minute=1 << 60, evaluation_budget_ms=1e9
        )
        self._known: OrderedDict[int, Rehearsal] = OrderedDict()
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def start(
        self, actor: Actor, rule_id: int, version_id: int | None, span: TimeRange, idempotency: IdempotencyKey | None = None
    ) -> Rehearsal:
        async with self._database.transaction(actor.org_id) as tx:
            if idempotency and (kept := await tx.idempotency.find(actor.id, idempotency)):
                return self.get(actor, msgspec.msgpack.decode(kept, type=int))
            rule = await get_rule(tx, rule_id)
            version = await (newest(tx, rule) if version_id is None else get_version(tx, rule_id, version_id))
            armed = arm(RunningRule(rule=_unstarted(rule), version=_with_backfill(version)))
            if armed.trigger.type is not TriggerType.READING:
                raise RehearsalImpossible(trigger=armed.trigger.type.value)
            running = sum(one.state is RehearsalState.RUNNING for one in self._known.values() if one.org_id == actor.org_id)
            if running >= self._config.max_rehearsals:
                raise TooManyRehearsals(limit=self._config.max_rehearsals)
            rehearsal = self._new(version, span)
            if idempotency:
                await tx.idempotency.keep(actor.id, idempotency, msgspec.msgpack.encode(rehearsal.id), rehearsal.started_us)
        self._remember(rehearsal)
        self._tasks[rehearsal.id] = asyncio.create_task(self._run(rehearsal, armed), name="rehearsal")
        return rehearsal

    def get(self, actor: Actor, rehearsal_id: int) -> Rehearsal:
        found = self._known.get(rehearsal_id)
        if found is None or found.org_id != actor.org_id:
            raise RehearsalNotFound(rehearsal_id=encode(Prefix.REHEARSAL, rehearsal_id))
        return found

    def cancel(self, actor: Actor, rehearsal_id: int) -> None:
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
            id=self._ids.next(),
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

    async def _run(self, rehearsal: Rehearsal, armed: Armed) -> None:
        try:
            await self._rehearse(rehearsal, armed)
            if rehearsal.state is RehearsalState.RUNNING:
                rehearsal.progress = 1.0
                self._end(rehearsal, RehearsalState.DONE, "")
        except PenstockError as error:
            self._end(rehearsal, RehearsalState.FAILED, error.detail)
        finally:
            if rehearsal.state is RehearsalState.RUNNING:
                self._end(rehearsal, RehearsalState.CANCELLED, "the server stopped")
            self._tasks.pop(rehearsal.id, None)

    def _end(self, rehearsal: Rehearsal, state: RehearsalState, reason: str) -> None:
        rehearsal.state, rehearsal.reason, rehearsal.finished_us = state, reason, self._clock.now_us()

    async def _rehearse(self, rehearsal: Rehearsal, armed: Armed) -> None:
        engine = RuleEngine(self._ids, self._config)
        watch = Watch(self._store, DeviceFacts(self._database), [armed])
        devices: Counter[int] = Counter()
        first_seq, last_seq, seq = self._log.first_seq, self._log.last_seq, 0
        while rehearsal.state is RehearsalState.RUNNING:
            readings = await self._store.arrived(rehearsal.org_id, rehearsal.span, seq, STEP_ROWS)
            for start in range(0, len(readings), SLICE_ROWS):
                part = [one for one in readings[start : start + SLICE_ROWS] if one.seq <= last_seq]
                await watch.prepare(part)
                self._look(rehearsal, armed, engine, watch, part, devices)
                await asyncio.sleep(0)
            rehearsal.by_device = dict(devices.most_common(MAX_DEVICES_SHOWN))
            if len(readings) < STEP_ROWS or readings[-1].seq >= last_seq:
                return
            seq = readings[-1].seq
            rehearsal.progress = min((seq - first_seq + 1) / max(last_seq - first_seq + 1, 1), 1.0)

    def _look(
        self,
        rehearsal: Rehearsal,
        armed: Armed,
        engine: RuleEngine,
        watch: Watch,
        readings: Sequence[Reading],
        devices: Counter[int],
    ) -> None:
        for reading in readings:
            rehearsal.read += 1
            for one, situation in watch.situations(reading, reading.time_us):
                rehearsal.evaluated += 1
                run = engine.judge(one, situation, reading.time_us)
                one.stop_reason = ""  # a rule that would be stopped goes on, to show how often
                if run is None:
                    continue
                failed = run.outcome is Outcome.FAILED
                rehearsal.failed += failed
                rehearsal.fired += not failed
                devices[reading.device_id] += 1
                if len(rehearsal.first) < MAX_SHOWN:
                    rehearsal.first.append(_occasion(run, armed, reading))


def _occasion(run: Run, armed: Armed, reading: Reading) -> Occasion:
    actions: list[WouldDo] = []
    if run.outcome is not Outcome.FAILED:
        variables = variables_of(run.inputs)
        for action in armed.compiled.actions:
            rendered, problem = action.rendered(variables)
            actions.append(WouldDo(type=action.action.type.value, fields=fields_of(action, rendered), problem=problem))
    return Occasion(
        seq=reading.seq,
        device_id=reading.device_id,
        at_us=reading.time_us,
        inputs=run.inputs,
        actions=actions,
        problem=run.reason,
    )


def _unstarted(rule: Rule) -> Rule:
    """The rule as if it had been at work from the beginning."""
    return msgspec.structs.replace(rule, from_seq=0)


def _with_backfill(version: Version) -> Version:
    """The version with late readings looked at: history is often read in late, and was no history then."""
    definition = version.definition
    trigger = msgspec.structs.replace(definition.trigger, backfill=True)
    return msgspec.structs.replace(version, definition=msgspec.structs.replace(definition, trigger=trigger))
