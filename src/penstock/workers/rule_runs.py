"""Executes the actions of runs, in order, and removes old runs.

After each action its completion is recorded. After a crash in between, the action is requested again under the same id, and its
runner ensures that this has one effect. Runs of one rule are executed in order, those of different rules concurrently, so that
a slow receiver delays only its own rule.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable

import msgspec
import structlog

from penstock.core.database import Database
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.rules.compiling import Compiled, CompiledAction, compile_definition
from penstock.core.rules.config import RulesConfig
from penstock.core.rules.contexts import variables_of
from penstock.core.rules.models import ActionResult, Outcome, RuleState, Run
from penstock.core.rules.ports import Act, ActionFailed, ActionRunners
from penstock.core.rules.runs import RunService
from penstock.core.rules.store import HasSystemRules, RuleTransaction
from penstock.kit.clock import DAY_US, HOUR_US, Clock, has_passed
from penstock.kit.conditions import conditions
from penstock.kit.errors import InvalidInput, Kind, PenstockError
from penstock.kit.ids import Prefix, RuleId, encode
from penstock.workers.loop import run_loop, task_group

INTERVAL_S = 1.0
AT_ONCE = 200
SIDE_BY_SIDE = 16
DROP_AT_ONCE = 1_000
MAX_COMPILED = 500
_log = structlog.get_logger()


class RunWorker:
    """The worker. `wake` is called when there are new runs; `on_stop` after it has stopped a rule by force."""

    def __init__(
        self,
        *,
        database: Database[RuleTransaction, HasSystemRules],
        runs: RunService,
        runners: ActionRunners,
        settled: Clock,
        config: RulesConfig,
        errors: EvaluationErrors,
    ) -> None:
        self._database = database
        self._runs = runs
        self._runners = runners
        self._settled = settled
        self._config = config
        self._errors = errors
        self._wake = asyncio.Event()
        self._compiled: OrderedDict[int, Compiled] = OrderedDict()
        self._dropped_us = 0
        self._delayed = False
        self.on_stop: Callable[[], None] = _nothing
        self.done = 0

    def wake(self) -> None:
        """There are new runs."""
        self._wake.set()

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "rule_runs_delayed", self._wake)

    async def step(self) -> bool:
        """Execute pending actions. Returns whether there were any."""
        self._delayed = False
        async with self._database.system_snapshot() as tx:
            pending = await tx.rules.pending(AT_ONCE)
        of_rule: dict[RuleId, list[Run]] = defaultdict(list)
        for run in pending:
            of_rule[run.rule_id].append(run)
        room = asyncio.Semaphore(SIDE_BY_SIDE)
        async with task_group() as tasks:
            for runs in of_rule.values():
                tasks.create_task(self._all(room, runs))
        if not pending:
            await self._drop()
        # A run that failed to be recorded is still pending; without the flag it would be tried again without a pause.
        return bool(pending) and not self._delayed

    async def _all(self, room: asyncio.Semaphore, runs: list[Run]) -> None:
        async with room:
            try:
                for run in runs:
                    await self._do(run)
            except PenstockError as error:
                conditions().failing("rule_runs_delayed", error)
                self._delayed = True

    async def _do(self, run: Run) -> None:
        # Read for each run, because the rule may have been stopped since the run was stored.
        async with self._database.snapshot(run.org_id) as tx:
            rule = await tx.rules.find(run.rule_id)
            version = None if run.version_id in self._compiled else await tx.rules.find_version(run.version_id)
        if rule is None:
            return
        if rule.state is not RuleState.RUNNING:
            await self._runs.finish(run, Outcome.CANCELLED, f"the rule was stopped: {rule.reason}"[:300])
            return
        if version is not None:
            if len(self._compiled) >= MAX_COMPILED:
                self._compiled.popitem(last=False)
            try:
                self._compiled[run.version_id] = compile_definition(version.definition)
            except InvalidInput as error:
                await self._runs.finish(run, Outcome.FAILED, f"the stored version can no longer be run: {error.detail}")
                return
        outcome, reason = Outcome.DONE, ""
        variables = variables_of(run.inputs)
        actions = self._compiled[run.version_id].actions
        for step in range(run.step, len(actions)):
            failures: list[str] = []
            fields, problem = actions[step].rendered(variables, failures)
            for reason in failures:
                self._errors.record(run.org_id, Use.RULE, run.rule_id, f"actions[{step}]: {reason}")
            act = _act(run, rule.name, step, actions[step], fields)
            run, problem = await self._act(run, act, problem)
            if problem:
                outcome, reason = Outcome.FAILED, f"{act.type}: {problem}"
                break
        self.done += 1
        if await self._runs.finish(run, outcome, reason):
            self.on_stop()

    async def _act(self, run: Run, act: Act, problem: str) -> tuple[Run, str]:
        """The run after an action, and why it failed: empty if it succeeded."""
        try:
            if problem:
                raise ActionFailed(reason=problem)
            async with asyncio.timeout(self._config.action_timeout_s):
                return await self._perform(run, act), ""
        except TimeoutError:
            problem = f"it took longer than {self._config.action_timeout_s:g} s"
        except PenstockError as error:
            if error.kind is Kind.UNAVAILABLE and not isinstance(error, ActionFailed):
                _log.warning("rule_action_failed", act=act.id, rule=encode(Prefix.RULE, run.rule_id), reason=error.detail)
            problem = error.detail
        return _after(run, act, False, problem), problem

    async def _perform(self, run: Run, act: Act) -> Run:
        writer, runner = self._runners.inside.get(type(act.action)), self._runners.outside.get(type(act.action))
        if writer is None and runner is None:
            raise ActionFailed(reason="this server does not support this type of action")
        detail = await runner.run(act) if runner is not None else ""
        async with self._database.transaction(run.org_id) as tx:
            if writer is not None:
                detail = await writer.write(tx, act)
            run = _after(run, act, True, detail)
            await tx.rule_runs.save(run)
        return run

    async def _drop(self) -> None:
        now_us = self._settled.now_us()
        if not has_passed(self._dropped_us, HOUR_US, now_us):
            return
        config = self._config
        async with self._database.system() as tx:
            runs = await tx.rules.drop_runs(now_us - config.keep_days * DAY_US, DROP_AT_ONCE)
            rules = await tx.rules.drop_trashed(now_us - config.trash_days * DAY_US, DROP_AT_ONCE)
        if max(runs, rules) < DROP_AT_ONCE:
            self._dropped_us = now_us


def _nothing() -> None:
    """Does nothing."""


def _act(run: Run, rule_name: str, step: int, action: CompiledAction, fields: dict[str, object]) -> Act:
    device_id = run.device_id if action.device_id is None else action.device_id
    return Act(
        run=run, rule_name=rule_name, step=step, action=action.action, device_id=device_id, fields=fields_of(action, fields)
    )


def fields_of(action: CompiledAction, rendered: dict[str, object]) -> dict[str, object]:
    """The input of a runner: the action's own fields, with the rendered values in their places."""
    own = msgspec.to_builtins(action.action)
    return {name: value for name, value in own.items() if value and name not in ("type", "device_id")} | rendered


def _after(run: Run, act: Act, ok: bool, detail: str) -> Run:
    result = ActionResult(type=act.type, ok=ok, detail=detail[:500])
    return msgspec.structs.replace(run, step=act.step + ok, results=[*run.results, result])
