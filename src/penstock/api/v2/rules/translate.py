"""Converts rules between wire structs and core models."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from penstock.api.v2.evaluation_errors import from_core_errors
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.rules import wire
from penstock.api.v2.rules.definition_wire import Definition
from penstock.core.actor import Actor
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.rules import definition as document
from penstock.core.rules.models import NewRule, Outcome, Rule, RulePatch, RuleState, Run, RunFilter, Version
from penstock.core.rules.rehearsals import Rehearsal, RehearsedRun
from penstock.core.rules.shown import shown_inputs
from penstock.kit.clock import format_time, format_time_or_none, parse_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, Prefix, RuleId, VersionId, encode


def to_definition(sent: Definition) -> document.Definition:
    """Convert a received definition to the core's document."""
    return msgspec.convert(msgspec.to_builtins(sent), document.Definition)


def from_definition(kept: document.Definition) -> Definition:
    """Convert a stored definition to its wire struct."""
    return msgspec.convert(msgspec.to_builtins(kept), Definition)


def to_new_rule(sent: wire.RuleCreate) -> NewRule:
    """Convert a request to create a rule."""
    return NewRule(name=sent.name, description=sent.description, note=sent.note, definition=to_definition(sent.definition))


def to_patch(sent: wire.RulePatch) -> RulePatch:
    """Convert a request to change a rule."""
    definition = UNSET if sent.definition is UNSET else to_definition(sent.definition)
    return RulePatch(name=sent.name, description=sent.description, definition=definition, note=sent.note)


def to_run_filter(query: wire.RunQuery, rule_id: RuleId | None, device_id: DeviceId | None) -> RunFilter:
    """Convert the query of a list of runs.

    Raises:
        InvalidInput: a time is invalid.
    """
    return RunFilter(
        rule_id=rule_id,
        device_id=device_id,
        outcome=Outcome(query.outcome) if query.outcome else None,
        from_us=parse_moment(query.from_, "from") if query.from_ else None,
        to_us=parse_moment(query.to, "to") if query.to else None,
    )


def to_time(text: str, field: str) -> int:
    """Parse a time in a request.

    Raises:
        InvalidInput: the time is invalid.
    """
    try:
        return parse_time(text)
    except ValueError as error:
        raise InvalidInput.field(field, str(error), "time") from None


def from_rule(rule: Rule, errors: EvaluationErrors) -> wire.Rule:
    """A rule as a wire struct."""
    return wire.Rule(**_rule(rule, errors))


def from_rule_with(found: tuple[Rule, Version], errors: EvaluationErrors) -> wire.RuleWithVersion:
    """A rule with its newest version as a wire struct."""
    return wire.RuleWithVersion(**_rule(found[0], errors), newest=from_version(found[1]))


def _rule(rule: Rule, errors: EvaluationErrors) -> dict[str, Any]:
    # A stopped rule keeps the id of the version that ran last.
    running = rule.version_id is not None and rule.state is RuleState.RUNNING
    return {
        "id": encode(Prefix.RULE, rule.id),
        "name": rule.name,
        "description": rule.description,
        "state": rule.state.value,
        "reason": rule.reason,
        "running_version_id": encode(Prefix.VERSION, rule.version_id or VersionId(0)) if running else None,
        "last_number": rule.last_number,
        "failures": rule.failures,
        "next_at": format_time_or_none(rule.next_us),
        "hook_id": None if rule.hook_id is None else encode(Prefix.HOOK, rule.hook_id),
        "trashed_at": format_time_or_none(rule.trashed_us),
        "evaluation_errors": from_core_errors(errors.of(rule.org_id, Use.RULE, rule.id)),
        "created_at": format_time(rule.created_us),
        "updated_at": format_time(rule.updated_us),
    }


def from_version(version: Version) -> wire.Version:
    """A version as a wire struct."""
    return wire.Version(
        id=encode(Prefix.VERSION, version.id),
        rule_id=encode(Prefix.RULE, version.rule_id),
        number=version.number,
        name=version.name,
        author=version.author,
        author_name=version.author_name,
        note=version.note,
        restored_number=version.restored_number,
        definition=from_definition(version.definition),
        created_at=format_time(version.created_us),
    )


def from_comparison(found: tuple[Version, Version | None, document.Differences]) -> wire.Comparison:
    """The differences between two versions as a wire struct."""
    version, other, differences = found
    return wire.Comparison(
        before_number=other.number if other else None,
        after_number=version.number,
        differences=[wire.Difference(path=path, before=before, after=after) for path, before, after in differences],
    )


def from_run(run: Run, actor: Actor) -> wire.Run:
    """A run as a wire struct, with the inputs that a caller may read."""
    finished_us = run.finished_us
    return wire.Run(
        id=encode(Prefix.RUN, run.id),
        rule_id=encode(Prefix.RULE, run.rule_id),
        version_id=encode(Prefix.VERSION, run.version_id),
        number=run.number,
        cause=run.cause,
        device_id=None if run.device_id is None else encode(Prefix.DEVICE, run.device_id),
        outcome=run.outcome.value,
        reason=run.reason,
        inputs=shown_inputs(actor, run.inputs),
        results=[wire.ActionResult(type=one.type, ok=one.ok, detail=one.detail) for one in run.results],
        at=format_time(run.at_us),
        created_at=format_time(run.created_us),
        finished_at=format_time_or_none(finished_us),
        duration_ms=None if finished_us is None else (finished_us - run.created_us) / 1000,
    )


def from_rehearsal(found: Rehearsal, actor: Actor) -> wire.Rehearsal:
    """A rehearsal as a wire struct, with the inputs that a caller may read."""
    return wire.Rehearsal(
        id=encode(Prefix.REHEARSAL, found.id),
        rule_id=encode(Prefix.RULE, found.rule_id),
        version_id=encode(Prefix.VERSION, found.version_id),
        number=found.number,
        state=found.state.value,
        reason=found.reason,
        progress=round(found.progress, 4),
        read=found.read,
        evaluated=found.evaluated,
        fired=found.fired,
        failed=found.failed,
        devices=found.devices,
        by_device=[wire.DeviceCount(encode(Prefix.DEVICE, one), count) for one, count in found.by_device.items()],
        from_=format_time(found.span.from_us),
        to=format_time(found.span.to_us),
        by_time=found.by_time,
        first=[_rehearsed_run(one, actor) for one in found.first],
        started_at=format_time(found.started_us),
        finished_at=format_time_or_none(found.finished_us),
    )


def _rehearsed_run(one: RehearsedRun, actor: Actor) -> wire.Occasion:
    return wire.Occasion(
        reading_id=None if one.seq is None else encode(Prefix.READING, one.seq),
        device_id=None if one.device_id is None else encode(Prefix.DEVICE, one.device_id),
        cause=one.cause,
        at=format_time(one.at_us),
        inputs=shown_inputs(actor, one.inputs),
        actions=[wire.WouldDo(type=act.type, fields=act.fields, problem=act.problem) for act in one.actions],
        problem=one.problem,
    )
