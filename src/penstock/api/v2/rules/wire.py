"""Rules, versions, runs and rehearsals over the native API, exactly as on the wire.

The document of a rule is in `definition_wire`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.evaluation_errors import EvaluationErrors
from penstock.api.v2.rules.definition_wire import Definition
from penstock.api.v2.wire import Cursor, Id, Limit, Name, NewestFirst, Text
from penstock.core.rules.models import Outcome, RuleState
from penstock.core.rules.rehearsals import RehearsalState
from penstock.kit.secret import hides
from penstock.kit.wire_types import Moment, one_of

Time = Annotated[str, Meta(max_length=40)]
Note = Annotated[str, Meta(max_length=500)]
OutcomeName = Literal["pending", "done", "failed", "cancelled", "skipped"]


class RuleCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule to create. It does not run until a version is deployed."""

    name: Name
    definition: Definition
    description: Text = ""
    note: Note = ""


class RulePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a rule: omitted fields are unchanged. A different definition is saved as a new version, with the note."""

    name: Name | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    definition: Definition | UnsetType = UNSET
    note: Note = ""


class RuleQuery(NewestFirst, frozen=True, forbid_unknown_fields=True):
    """Filters for rules: those in the trash, or all others. `q` is searched for in name and description."""

    trashed: bool = False


class Rule(Struct, frozen=True):
    """A rule.

    `state` is draft, running, stopped or force_stopped, with the reason. `running_version_id` is the deployed version,
    `failures` the number of consecutive failed runs, `next_at` the next time of its schedule.
    """

    id: str
    name: str
    description: str
    state: Annotated[str, one_of(*RuleState)]
    reason: str
    running_version_id: str | None
    last_number: int
    failures: int
    next_at: str | None
    hook_id: str | None
    trashed_at: str | None
    evaluation_errors: EvaluationErrors
    created_at: str
    updated_at: str


class Version(Struct, frozen=True):
    """One saved state of a rule. Only its name can change. `restored_number` is the version that was restored."""

    id: str
    rule_id: str
    number: int
    name: str
    author: str
    author_name: str
    note: str
    restored_number: int | None
    definition: Definition
    created_at: str


class VersionPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A version's new name."""

    name: Name


class RuleWithVersion(Rule, frozen=True):
    """A rule with its newest version."""

    newest: Version


class CompareQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The version to compare with; by default the previous one."""

    version_id: Id | None = None


class Difference(Struct, frozen=True):
    """A value that differs; null on a side that has no value."""

    path: str
    before: object
    after: object


class Comparison(Struct, frozen=True):
    """The differences between two versions of a rule. `before_number` is null for the first version."""

    before_number: int | None
    after_number: int
    differences: list[Difference]


class Restore(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for restoring a version."""

    note: Note = ""


class Stop(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for stopping a rule."""

    reason: Note = ""


@hides("secret")
class Hook(Struct, frozen=True):
    """A rule's hook. The secret is returned only here; callers send it as `X-Hook-Secret`."""

    hook_id: str
    path: str
    secret: str
    warning: str = "copy the secret now, it is not shown again"


class HookCall(Struct, frozen=True):
    """An accepted call. The rule is evaluated shortly afterwards."""

    call_id: str


class RunQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for runs, by the time of their cause."""

    device_id: Id | None = None
    outcome: OutcomeName | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class AnyRunQuery(RunQuery, frozen=True, forbid_unknown_fields=True):
    """Filters for runs, of one rule or of all."""

    rule_id: Id | None = None


class ActionResult(Struct, frozen=True):
    """The result of an action."""

    type: str
    ok: bool
    detail: str


class Run(Struct, frozen=True):
    """One time a rule executed its actions, or failed to: its cause, its input, the results of its actions and its duration."""

    id: str
    rule_id: str
    version_id: str
    number: int
    cause: str
    device_id: str | None
    outcome: Annotated[str, one_of(*Outcome)]
    reason: str
    inputs: dict[str, Any]
    results: list[ActionResult]
    at: str
    created_at: str
    finished_at: str | None
    duration_ms: float | None


class Rehearse(Struct, frozen=True, forbid_unknown_fields=True):
    """The version to rehearse, by default the newest, and the range of event times."""

    from_: Time = msgspec.field(name="from")
    to: Time
    version_id: Id | None = None


class WouldDo(Struct, frozen=True):
    """An action that would have been executed, or why it would have failed."""

    type: str
    fields: dict[str, Any]
    problem: str


class Occasion(Struct, frozen=True):
    """One time the version would have run, or failed. `reading_id` is null if no reading caused it."""

    reading_id: str | None
    device_id: str | None
    cause: str
    at: str
    inputs: dict[str, Any]
    actions: list[WouldDo]
    problem: str


class DeviceCount(Struct, frozen=True):
    """How often one device would have caused a run."""

    device_id: str
    occasions: int


class Rehearsal(Struct, frozen=True):
    """The current state of a rehearsal. `progress` is 0 to 1; `first` are the first 100 of `fired` and `failed`.

    `by_device` has the devices with the most runs, at most 100 of the `devices` that would have run it. `by_time` counts `fired`
    and `failed` in 100 equal parts of the range from `from` to `to`.

    `read` counts readings, times of a schedule or events. `reason` states what was left out, or why the rehearsal ended early.
    """

    id: str
    rule_id: str
    version_id: str
    number: int
    state: Annotated[str, one_of(*RehearsalState)]
    reason: str
    progress: float
    read: int
    evaluated: int
    fired: int
    failed: int
    devices: int
    by_device: list[DeviceCount]
    from_: Moment = msgspec.field(name="from")
    to: Moment
    by_time: list[int]
    first: list[Occasion]
    started_at: str
    finished_at: str | None


class ExportQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The version to export; by default the newest."""

    version_id: Id | None = None


class RuleDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """An exported rule. The ids of devices inside belong to the organisation that it comes from."""

    name: Name
    definition: Definition
    description: Text = ""
    format: Literal["penstock.rule/1"] = "penstock.rule/1"
