"""The running rules: which of them a trigger concerns, the runs that result, and which rules must be stopped.

Nothing here blocks. The workers supply contexts and store the resulting runs.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec

from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.expressions.expression import ErrorReason, Result
from penstock.core.rules.compiling import Compiled, compile_definition
from penstock.core.rules.config import RulesConfig
from penstock.core.rules.contexts import EvaluationContext
from penstock.core.rules.definition import ConnectivityTrigger, EventTrigger, ReadingTrigger, Trigger
from penstock.core.rules.models import Outcome, Rule, Run, RunningRule, Version
from penstock.core.rules.reach import names
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import MINUTE_US
from penstock.kit.ids import DeviceId, IdSource, OrgId, Prefix, RuleId, RunId, encode

MEASURED_EVERY = 64
"""One evaluation in this many is timed; timing each would cost as much as a simple evaluation."""
MIN_MEASURED = 3
"""Timed evaluations before their average counts."""


class Armed(msgspec.Struct, kw_only=True):
    """A running rule with its counters."""

    rule: Rule
    version: Version
    compiled: Compiled
    evaluations: int = 0
    measured: int = 0
    cpu_ns: int = 0
    failures: int = 0
    minute: int = 0
    runs: int = 0
    stop_reason: str = ""
    stop_chain: tuple[RuleId, ...] = ()
    """The rules that led to the evaluation at which it must be stopped, ending with this one."""

    @property
    def trigger(self) -> Trigger:
        """What starts an evaluation."""
        return self.compiled.definition.trigger


def arm(running: RunningRule) -> Armed:
    """Compile a running rule.

    Raises:
        InvalidInput: its document no longer compiles.
    """
    compiled = compile_definition(running.version.definition)
    return Armed(rule=running.rule, version=running.version, compiled=compiled)


class RuleEngine:
    """Evaluates rules. `arm` sets the running rules. A rehearsal counts no `errors`."""

    def __init__(self, ids: IdSource, config: RulesConfig, errors: EvaluationErrors | None = None) -> None:
        self._ids = ids
        self._errors = errors
        self._config = config
        self._of_org: dict[OrgId, list[Armed]] = {}

    def arm(self, rules: Sequence[Armed]) -> None:
        """Replace the running rules. A rule whose version was already running keeps its counters."""
        before = {one.version.id: one for armed in self._of_org.values() for one in armed}
        found: dict[OrgId, list[Armed]] = defaultdict(list)
        for one in rules:
            kept = before.get(one.version.id)
            # A version that was stopped and deployed again starts with new counters.
            if kept is not None and kept.rule.from_seq == one.rule.from_seq:
                kept.rule = one.rule
                one = kept  # noqa: PLW2901
            found[one.rule.org_id].append(one)
        self._of_org = dict(found)

    def for_organization(self, org_id: OrgId, trigger: type[Trigger]) -> list[Armed]:
        """The rules of an organisation with this type of trigger."""
        return [one for one in self._of_org.get(org_id, ()) if isinstance(one.trigger, trigger) and not one.stop_reason]

    def all(self) -> Iterable[Armed]:
        """All running rules."""
        return (one for armed in self._of_org.values() for one in armed)

    def stopped(self) -> list[Armed]:
        """The rules that must be stopped, each with its reason."""
        return [one for one in self.all() if one.stop_reason]

    def evaluate(self, one: Armed, context: EvaluationContext, now_us: int, *, inputs: bool = True) -> Run | None:
        """Evaluate a rule in a context; return the run to store, or None. A run that is only counted needs no `inputs`."""
        # The worker stores the stop with the next runs; until then the rule must not run again.
        if one.stop_reason:
            return None
        one.evaluations += 1
        result = one.compiled.test(context) if one.evaluations % MEASURED_EVERY else self._measured(one, context)
        if one.stop_reason:
            return None
        if result.error is ErrorReason.FAILED:
            reason = f"condition: {result.reason}"
            self.count_error(one.rule, reason)
            return self._failed(one, context, reason, now_us, inputs)
        one.failures = 0
        if not result.value:
            return None
        return self._fired(one, context, now_us, inputs)

    def count_error(self, rule: Rule, reason: str) -> None:
        """Count an expression of a rule that could not be evaluated."""
        if self._errors is not None:
            self._errors.record(rule.org_id, Use.RULE, rule.id, reason)

    def _measured(self, one: Armed, context: EvaluationContext) -> Result:
        """An evaluation whose processor time is measured."""
        began_ns = time.thread_time_ns()
        result = one.compiled.test(context)
        one.cpu_ns += time.thread_time_ns() - began_ns
        one.measured += 1
        budget_ns = self._config.evaluation_budget_ms * 1_000_000
        if one.measured >= MIN_MEASURED and one.cpu_ns > budget_ns * one.measured:
            average_ms = one.cpu_ns / one.measured / 1_000_000
            limit = f"the limit is {self._config.evaluation_budget_ms:g} ms"
            _stop(one, context, f"its condition takes {average_ms:.3g} ms on average; {limit}")
        return result

    def _fired(self, one: Armed, context: EvaluationContext, now_us: int, inputs: bool) -> Run | None:
        chain = (*context.chain, one.rule.id)
        if one.rule.id in context.chain:
            return self._triggers_itself(one, context, now_us, inputs)
        if len(chain) > self._config.max_chain:
            return self._failed(one, context, f"more than {self._config.max_chain} rules triggered one another", now_us, inputs)
        minute = context.arrived_us // MINUTE_US
        one.runs = one.runs + 1 if minute == one.minute else 1
        one.minute = minute
        if one.runs > self._config.max_runs_per_minute:
            _stop(one, context, f"it ran more than {self._config.max_runs_per_minute} times in a minute")
            return None
        outcome = Outcome.PENDING if one.compiled.actions else Outcome.DONE
        return self._run(one, context, outcome, "", now_us, inputs)

    def _triggers_itself(self, one: Armed, context: EvaluationContext, now_us: int, inputs: bool) -> Run:
        """A rule that computes the readings it evaluates would never end: it is stopped.

        Any other effect, such as the event of a label that a rule on changes of devices sets, only does not trigger it again.
        """
        reason = f"it triggers itself: {' → '.join(encode(Prefix.RULE, one_id) for one_id in (*context.chain, one.rule.id))}"
        if not isinstance(one.trigger, ReadingTrigger):
            return self._run(one, context, Outcome.SKIPPED, reason, now_us, inputs)
        _stop(one, context, reason)
        return self._run(one, context, Outcome.FAILED, reason, now_us, inputs)

    def _failed(self, one: Armed, context: EvaluationContext, reason: str, now_us: int, inputs: bool) -> Run:
        one.failures += 1
        if one.failures >= self._config.max_failures_in_a_row:
            _stop(one, context, f"it failed {one.failures} times in a row; the last reason: {reason}")
        return self._run(one, context, Outcome.FAILED, reason, now_us, inputs)

    def _run(self, one: Armed, context: EvaluationContext, outcome: Outcome, reason: str, now_us: int, inputs: bool) -> Run:
        return Run(
            id=self._ids.next(RunId),
            org_id=context.org_id,
            rule_id=one.rule.id,
            version_id=one.version.id,
            number=one.version.number,
            cause=context.cause,
            device_id=context.device_id,
            outcome=outcome,
            reason=reason,
            inputs=context.inputs(one.compiled.names) if inputs else {},
            results=[],
            step=0,
            chain=(*context.chain, one.rule.id),
            at_us=context.at_us,
            created_us=now_us,
            finished_us=None if outcome is Outcome.PENDING else now_us,
        )


def _stop(one: Armed, context: EvaluationContext, reason: str) -> None:
    one.stop_reason, one.stop_chain = reason, (*context.chain, one.rule.id)


def concerns_device(one: Armed, device_id: DeviceId, device: Mapping[str, Any]) -> bool:
    """Whether a rule's trigger includes a device."""
    requested = one.compiled.device_ids
    return (not requested or device_id in requested) and one.trigger.device_type in ("", device.get("type"))


def concerns_reading(one: Armed, reading: Reading) -> bool:
    """Whether a rule's trigger includes a reading, apart from the device's type and the sensors."""
    trigger = one.trigger
    if not isinstance(trigger, ReadingTrigger) or reading.seq <= one.rule.from_seq or (reading.backfill and not trigger.backfill):
        return False
    requested = one.compiled.device_ids
    return not requested or reading.device_id in requested


def concerns_sensors(one: Armed, sensors: AbstractSet[str]) -> bool:
    """Whether a rule's trigger includes readings with these sensors."""
    requested = one.trigger.sensors if isinstance(one.trigger, ReadingTrigger) else ()
    return not requested or not sensors.isdisjoint(requested)


def concerns_topic(one: Armed, topic: str) -> bool:
    """Whether a rule's trigger includes an event."""
    patterns = one.trigger.topics if isinstance(one.trigger, EventTrigger) else ()
    return any(names(pattern, topic) for pattern in patterns)


def concerns_state(one: Armed, state: str) -> bool:
    """Whether a rule's trigger includes this connectivity state."""
    requested = one.trigger.states if isinstance(one.trigger, ConnectivityTrigger) else ()
    return not requested or state in requested
