"""Rules, their versions and their runs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.inboxes.events import DELIVERY_STATUS
from penstock.core.rules.definition import Definition
from penstock.kit.ids import DeviceId, EventId, HookId, OrgId, RuleId, RunId, Seq, VersionId


class RuleState(StrEnum):
    """The state of a rule."""

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    FORCE_STOPPED = "force_stopped"
    """Stopped automatically; the rule's `reason` states why."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule.

    `version_id` is the version that runs or ran last, `from_seq` the reading after which it started. `failures` counts failed
    runs
    in a row. `next_us` is when its schedule is due. `last_number` is the number of its newest version.
    """

    id: RuleId
    org_id: OrgId
    name: str
    description: str
    state: RuleState
    reason: str
    last_number: int
    version_id: VersionId | None
    from_seq: Seq
    next_us: int | None
    failures: int
    hook_id: HookId | None
    hook_digest: bytes | None
    trashed_us: int | None
    created_us: int
    updated_us: int


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One saved state of a rule; only its name can change.

    `author` is the id of a key or user, `restored_number` the version it was created from.
    """

    id: VersionId
    org_id: OrgId
    rule_id: RuleId
    number: int
    name: str
    author: str
    author_name: str
    note: str
    restored_number: int | None
    definition: Definition
    created_us: int


class NewRule(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new rule and its first version."""

    name: str
    description: str = ""
    note: str = ""
    definition: Definition


class RulePatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a rule: an UNSET field is unchanged. A definition creates a version with the note."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    definition: Definition | UnsetType = UNSET
    note: str = ""


class RunningRule(msgspec.Struct, frozen=True, kw_only=True):
    """A running rule, with the version that runs."""

    rule: Rule
    version: Version


class Outcome(StrEnum):
    """The state of a run."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    """The rule itself, directly or through others, caused the event that would have triggered it."""


class ActionResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an action of a run. `detail` is a message or an id, such as the command's execution."""

    type: str
    ok: bool
    detail: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One time a rule executed its actions, or failed to.

    `cause` is stable, such as `reading:815`, and occurs once per rule. `inputs` are the values of the variables that
    expressions
    used, `step` the number of actions done, `chain` the rules that led here, ending with this one.
    """

    id: RunId
    org_id: OrgId
    rule_id: RuleId
    version_id: VersionId
    number: int
    cause: str
    device_id: DeviceId | None
    outcome: Outcome
    reason: str
    inputs: dict[str, Any]
    results: list[ActionResult]
    step: int
    chain: tuple[RuleId, ...]
    at_us: int
    created_us: int
    finished_us: int | None = None


class RunFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs to list; None means any. Times of the cause: `from_us` (inclusive) to `to_us` (exclusive)."""

    rule_id: RuleId | None = None
    device_id: DeviceId | None = None
    outcome: Outcome | None = None
    from_us: int | None = None
    to_us: int | None = None


class HookCalled(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's hook was called. `call_id` identifies the call, `chain` are the rules that led to it."""

    rule_id: RuleId
    call_id: EventId
    body: Any
    at_us: int
    chain: tuple[RuleId, ...] = ()


class RuleMoved(msgspec.Struct, frozen=True, kw_only=True):
    """A rule was deployed, stopped, or stopped automatically; the topic states which. `chain` are the rules that led to it."""

    rule_id: RuleId
    state: str
    reason: str
    at_us: int
    chain: tuple[RuleId, ...] = ()


class RuleRan(msgspec.Struct, frozen=True, kw_only=True):
    """A run ended; the topic states whether every action was done."""

    rule_id: RuleId
    run_id: RunId
    number: int
    device_id: DeviceId | None
    cause: str
    reason: str
    chain: tuple[RuleId, ...]
    at_us: int


HOOK_CALLED = "rule.hook_called"
RAN = {Outcome.DONE: "rule.fired", Outcome.FAILED: "rule.failed"}
"""The topic of a run with this outcome. Rules are not triggered by these: whatever a rule causes has its own events."""
NOT_TRIGGERING = frozenset({*RAN.values(), DELIVERY_STATUS})
"""Events that trigger no rule, because a rule causes them without being named as their cause: it would never end."""
TOPICS = {state: f"rule.{state.value}" for state in RuleState}
