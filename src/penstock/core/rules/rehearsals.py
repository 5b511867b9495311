"""Rehearsals: evaluating a version against stored history, without executing actions. Nothing is stored."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

import msgspec

from penstock.core.actor import Actor
from penstock.core.telemetry.models import TimeRange
from penstock.kit.ids import DeviceId, OrgId, RehearsalId, RuleId, Seq, VersionId

MAX_SHOWN = 100
"""Number of runs that are returned in full: the first ones."""
MAX_DEVICES_SHOWN = 100
"""Number of devices that are counted individually: those with the most runs."""

PARTS = 100
"""Number of equal parts of the range in which the runs are counted."""


class RehearsalState(StrEnum):
    """The state of a rehearsal."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WouldDo(msgspec.Struct, frozen=True, kw_only=True):
    """An action that would have been executed, with its values, or the reason it would have failed."""

    type: str
    fields: dict[str, Any]
    problem: str = ""


class RehearsedRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run that the version would have had, or why it would have failed. `seq` is that of the reading, if any."""

    seq: Seq | None
    cause: str
    device_id: DeviceId | None
    at_us: int
    inputs: dict[str, Any]
    actions: list[WouldDo]
    problem: str = ""


class Rehearsal(msgspec.Struct, kw_only=True):
    """A running or finished rehearsal. `progress` is 0 to 1.

    The counts are the readings or events that were read, were evaluated, would have run, would have failed; `devices` counts the
    devices that caused runs, of which `by_device` has those with the most. `by_time` counts the runs, also those that would have
    failed, in `PARTS` equal parts of the range. `reason` states why it ended early, or what was not
    rehearsed because it is not stored.
    """

    id: RehearsalId
    org_id: OrgId
    rule_id: RuleId
    version_id: VersionId
    number: int
    span: TimeRange
    state: RehearsalState = RehearsalState.RUNNING
    reason: str = ""
    progress: float = 0.0
    read: int = 0
    evaluated: int = 0
    fired: int = 0
    failed: int = 0
    devices: int = 0
    by_device: dict[DeviceId, int] = {}
    by_time: list[int] = msgspec.field(default_factory=lambda: [0] * PARTS)
    first: list[RehearsedRun] = []
    started_us: int = 0
    finished_us: int | None = None

    def count_at(self, at_us: int) -> None:
        """Count a run in the part of the range that its time belongs to."""
        length = max(self.span.to_us - self.span.from_us, 1)
        part = (at_us - self.span.from_us) * PARTS // length
        self.by_time[min(max(part, 0), PARTS - 1)] += 1


class Rehearser(Protocol):
    """Runs rehearsals in the background. They do not survive a restart."""

    async def start(
        self,
        actor: Actor,
        rule_id: RuleId,
        version_id: VersionId | None,
        span: TimeRange,
    ) -> Rehearsal:
        """Start rehearsing a version, by default the newest.

        Raises:
            RuleNotFound, VersionNotFound, ScopeMissing, RehearsalImpossible, TooManyRehearsals.
        """

    def get(self, actor: Actor, rehearsal_id: RehearsalId) -> Rehearsal:
        """Return a rehearsal with its results to date.

        Raises:
            RehearsalNotFound.
        """

    def cancel(self, actor: Actor, rehearsal_id: RehearsalId) -> None:
        """Cancel a rehearsal. One that has ended is unchanged.

        Raises:
            RehearsalNotFound.
        """
