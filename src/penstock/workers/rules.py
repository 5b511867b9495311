"""Evaluates rules on everything that triggers them: the reading log, events of the outbox, the clock.

The cursor in the log is written together with the runs caused by the readings before it. After a crash the same readings are
evaluated again, and a run of the same rule and cause is stored only once. Another worker, `rule_runs.py`, executes the actions.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

import msgspec

from penstock.core.alerts.events import is_snoozed
from penstock.core.database import Database, repeated_after_commit
from penstock.core.devices.connectivity import TOPICS as CONNECTIVITY_TOPICS
from penstock.core.devices.connectivity import ConnectivityChanged
from penstock.core.outbox import OutboxEntry
from penstock.core.rules.compiling import last_due, next_due
from penstock.core.rules.definition import ConnectivityTrigger, EventTrigger, HookTrigger, ReadingTrigger
from penstock.core.rules.engine import Armed, RuleEngine, arm, concerns_device, concerns_state, concerns_topic
from penstock.core.rules.models import HOOK_CALLED, NOT_TRIGGERING, HookCalled, Run, RunningRule
from penstock.core.rules.runs import RunService
from penstock.core.rules.store import RuleSystemTransaction, RuleTransaction
from penstock.core.rules.trigger_events import (
    TriggerEvent,
    context_of,
    deleted_part,
    of_connectivity,
    of_event,
    of_hook,
    of_schedule,
)
from penstock.core.rules.watch import DeviceFacts, Watch, remembered_at
from penstock.core.telemetry.models import Reading
from penstock.core.telemetry.store import ReadingLog, ReadingStore
from penstock.kit.clock import DAY_US, HOUR_US, Clock, has_passed
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, OrgId, RuleId, Seq
from penstock.workers.loop import run_loop

CONSUMER = "rules"
INTERVAL_S = 1.0
"""The time between two reads of an idle log."""
GATHER_S = 0.02
"""How long readings collect after the first, so that single readings are evaluated together."""
SCHEDULE_INTERVAL_S = 1.0
STEP_ROWS = 2_000
SLICE_ROWS = 50
"""Readings evaluated before the event loop runs other tasks: a few milliseconds for an ordinary rule."""


class RuleWorker:
    """The worker. `on_runs` is called when the worker of the runs has something to do."""

    def __init__(
        self,
        *,
        log: ReadingLog,
        store: ReadingStore,
        database: Database[RuleTransaction, RuleSystemTransaction],
        engine: RuleEngine,
        facts: DeviceFacts,
        runs: RunService,
        clock: Clock,
        on_runs: Callable[[], None],
    ) -> None:
        self._log = log
        self._store = store
        self._database = database
        self._engine = engine
        self._facts = facts
        self._runs = runs
        self._clock = clock
        self._on_runs = on_runs
        self._corrected: dict[RuleId, int] = {}
        """When the next time of a schedule was last compared with the clock."""
        self._changed = True
        self._refreshing = asyncio.Lock()
        self._watches: dict[OrgId, Watch] = {}
        self._cursor: Seq | None = None
        self._wake = asyncio.Event()
        log.subscribe(self._appended)

    @property
    def lag(self) -> int:
        """How many sequence numbers it is behind the log."""
        return 0 if self._cursor is None else self._log.last_seq - self._cursor

    @repeated_after_commit
    def rules_changed(self) -> None:
        """The set of running rules has changed; it is loaded before the next evaluation."""
        self._changed = True
        self._wake.set()

    def _appended(self, _: Sequence[Reading]) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Follow the log until cancelled."""
        await run_loop(self.step, INTERVAL_S, "rules_delayed", self._wake, gather_s=GATHER_S)

    async def step(self) -> bool:
        """Process the next part of the log. Returns whether there is more immediately."""
        # A rule that is deployed while this step waits must not miss later readings: they are left to the next step.
        end = self._log.last_seq
        await self._refresh()
        if self._cursor is None:
            async with self._database.system_snapshot() as tx:
                self._cursor = min(Seq(await tx.cursor(CONSUMER)), end)
        if not self._watches:
            self._cursor = max(self._cursor, end)  # a rule that is deployed later starts after this
            return False
        # No running rule evaluates readings from before the earliest deployment.
        self._cursor = max(self._cursor, min(one.rule.from_seq for one in self._reading_rules()))
        if self._cursor >= end:
            return False
        readings = [one for one in await self._log.read_after(self._cursor, STEP_ROWS) if one.seq <= end]
        if readings:
            try:
                await self._keep(await self._process(readings), readings[-1].seq)
            except BaseException:
                self._changed = True  # the cached values of these readings must not be counted twice
                raise
            self._cursor = readings[-1].seq
        else:
            self._cursor = end  # past readings that were quarantined or deleted
        return self._cursor < end

    async def on_event(self, entry: OutboxEntry) -> None:
        """Evaluate the rules that an event of the outbox triggers. The same entry twice causes one run."""
        await self._refresh()
        found = self._of_event(entry)
        if found:
            await self._judge(entry.org_id, found)

    async def run_schedule(self) -> None:
        """Evaluate rules when their schedules are due, until cancelled."""
        await run_loop(self.step_schedule, SCHEDULE_INTERVAL_S, "schedules_delayed")

    async def step_schedule(self) -> None:
        """Evaluate every rule whose schedule is due. Of missed times, only the last counts."""
        await self._refresh()
        try:
            await self._run_due()
        except BaseException:
            self._changed = True  # unwritten times are due again
            raise

    async def _run_due(self) -> None:
        now_us = self._clock.now_us()
        for one in [one for one in self._engine.all() if one.rule.next_us is not None and self._is_due(one, now_us)]:
            due_us = max(last_due(one.trigger, now_us) or 0, one.rule.next_us or now_us)
            following = next_due(one.trigger, now_us)
            one.rule = msgspec.structs.replace(one.rule, next_us=following)
            if one.stop_reason:
                continue
            devices: list[DeviceId | None] = [*sorted(one.compiled.device_ids)] or [None]
            found = [(one, of_schedule(due_us, device_id)) for device_id in devices]
            await self._judge(one.rule.org_id, found, next_us=(one, following))

    def _is_due(self, one: Armed, now_us: int) -> bool:
        """Whether a schedule is due. A clock that was ahead has set a time after the next one by the present clock."""
        next_us = one.rule.next_us or 0
        if next_us > now_us + DAY_US and has_passed(self._corrected.get(one.rule.id, 0), HOUR_US, now_us):
            self._corrected[one.rule.id] = now_us
            following = next_due(one.trigger, now_us)
            if following is not None and following < next_us:
                one.rule = msgspec.structs.replace(one.rule, next_us=following)
        return (one.rule.next_us or 0) <= now_us

    def _of_event(self, entry: OutboxEntry) -> list[tuple[Armed, TriggerEvent]]:
        """The rules that an event triggers, with their evaluation context."""
        cause, org_id = f"event:{entry.id}", entry.org_id
        if entry.topic == HOOK_CALLED:
            called = msgspec.json.decode(entry.body, type=HookCalled)
            hooks = [one for one in self._engine.for_organization(org_id, HookTrigger) if one.rule.id == called.rule_id]
            return [(one, of_hook(cause, called)) for one in hooks]
        found: list[tuple[Armed, TriggerEvent]] = []
        if entry.topic in NOT_TRIGGERING or is_snoozed(entry.topic, entry.body):
            return found
        if entry.topic in CONNECTIVITY_TOPICS.values():
            changed = msgspec.json.decode(entry.body, type=ConnectivityChanged)
            waiting = [
                one for one in self._engine.for_organization(org_id, ConnectivityTrigger) if concerns_state(one, changed.state)
            ]
            found = [(one, of_connectivity(cause, changed)) for one in waiting]
        waiting = [one for one in self._engine.for_organization(org_id, EventTrigger) if concerns_topic(one, entry.topic)]
        if waiting:
            trigger_event = of_event(cause, entry.topic, msgspec.json.decode(entry.body), self._clock.now_us())
            found += [(one, trigger_event) for one in waiting]
        return found

    async def _judge(
        self, org_id: OrgId, found: Sequence[tuple[Armed, TriggerEvent]], next_us: tuple[Armed, int | None] | None = None
    ) -> None:
        now_us = self._clock.now_us()
        runs: list[Run] = []
        await self._facts.load(org_id, {what.device_id for _, what in found if what.device_id is not None})
        for one, what in found:
            device = self._facts.find(what.device_id) if what.device_id is not None else None
            if device is None and isinstance(one.trigger, EventTrigger):
                device = deleted_part(what)
            if what.device_id is not None and (device is None or not concerns_device(one, what.device_id, device)):
                continue
            remembered = await remembered_at(self._store, self._facts, one, what.device_id, now_us, self._log.last_seq)
            run = self._engine.evaluate(one, context_of(one, what, org_id, device, remembered, now_us), now_us)
            runs += [run] if run is not None else []
        async with self._database.system() as system:
            await self._write(system, runs)
            if next_us is not None:
                await self._move_on(system, *next_us)
        if runs:
            self._on_runs()

    async def _refresh(self) -> None:
        """Load the running rules, if they have changed."""
        async with self._refreshing:
            if not self._changed:
                return
            # Reset before the load: a rule that is deployed during it sets the flag again.
            self._changed = False
            try:
                async with self._database.system_snapshot() as tx:
                    running = await tx.rules.running()
                self._engine.arm([armed for one in running if (armed := await self._armed(one)) is not None])
            except BaseException:
                self._changed = True
                raise
            of_org: dict[OrgId, list[Armed]] = defaultdict(list)
            for one in self._reading_rules():
                of_org[one.rule.org_id].append(one)
            self._watches = {org_id: Watch(self._store, self._facts, rules) for org_id, rules in of_org.items()}

    def _reading_rules(self) -> list[Armed]:
        return [one for one in self._engine.all() if isinstance(one.trigger, ReadingTrigger)]

    async def _armed(self, one: RunningRule) -> Armed | None:
        try:
            return arm(one)
        except InvalidInput as error:
            reason = f"the stored version can no longer be run: {error.detail}"
            self._engine.count_error(one.rule, reason)
            async with self._database.system() as system:
                await self._runs.force_stop(system, one.rule.org_id, one.rule.id, one.version.id, reason)
            return None

    async def _process(self, readings: Sequence[Reading]) -> list[Run]:
        runs: list[Run] = []
        for start in range(0, len(readings), SLICE_ROWS):
            of_org: dict[OrgId, list[Reading]] = defaultdict(list)
            for reading in readings[start : start + SLICE_ROWS]:
                if reading.org_id in self._watches:
                    of_org[reading.org_id].append(reading)
            for org_id, found in of_org.items():
                watch = self._watches[org_id]
                await watch.prepare(found)
                runs += self._judged(watch, found)
            await asyncio.sleep(0)
        return runs

    def _judged(self, watch: Watch, readings: Sequence[Reading]) -> list[Run]:
        now_us = self._clock.now_us()
        judged = [
            self._engine.evaluate(one, context, now_us)
            for reading in readings
            for one, context in watch.contexts(reading, now_us)
        ]
        return [run for run in judged if run is not None]

    async def _keep(self, runs: Sequence[Run], seq: Seq) -> None:
        async with self._database.system() as system:
            await self._write(system, runs)
            await system.set_cursor(CONSUMER, seq)
        if runs:
            self._on_runs()

    async def _write(self, system: RuleSystemTransaction, runs: Sequence[Run]) -> None:
        await self._runs.keep(system, runs)
        for one in self._engine.stopped():
            rule = one.rule
            await self._runs.force_stop(system, rule.org_id, rule.id, one.version.id, one.stop_reason, one.stop_chain)
            self._changed = True

    async def _move_on(self, system: RuleSystemTransaction, one: Armed, following: int | None) -> None:
        tx = system.for_organization(one.rule.org_id)
        rule = await tx.rules.find(one.rule.id)
        # If another version was deployed or the rule was stopped since, the new schedule must not be overwritten.
        if rule is not None and rule.version_id == one.version.id and rule.next_us is not None:
            await tx.rules.save(msgspec.structs.replace(rule, next_us=following))
