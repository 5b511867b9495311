"""Rehearsals: a version shown what is stored, to see what it would have done. Nothing is done, and nothing is kept of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

import msgspec

from penstock.core.actor import Actor
from penstock.core.idempotency import IdempotencyKey
from penstock.core.telemetry.models import TimeRange
from penstock.kit.ids import DeviceId, OrgId, RehearsalId, RuleId, Seq, VersionId

MAX_SHOWN = 100
"""Occasions that are shown whole: the first ones."""
MAX_DEVICES_SHOWN = 100
"""Devices that are counted one by one: those with the most occasions."""


class RehearsalState(StrEnum):
    """How far a rehearsal has come."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WouldDo(msgspec.Struct, frozen=True, kw_only=True):
    """An action that would have been done, with the values in it, or why it would have failed."""

    type: str
    fields: dict[str, Any]
    problem: str = ""


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """One time that the version would have acted, or failed: `problem` says why. `seq` is that of the reading, if it was one."""

    seq: Seq | None
    cause: str
    device_id: DeviceId | None
    at_us: int
    inputs: dict[str, Any]
    actions: list[WouldDo]
    problem: str = ""


class Rehearsal(msgspec.Struct, kw_only=True):
    """A rehearsal under way or over. `progress` is 0 to 1. Counts: readings or events read, looked at, acted upon, failed on.

    `reason` says why it ended early, or what was not rehearsed because it is not kept.
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
    by_device: dict[DeviceId, int] = {}
    first: list[Occasion] = []
    started_us: int = 0
    finished_us: int | None = None


class Rehearser(Protocol):
    """Runs rehearsals beside everything else. They are forgotten at a restart."""

    async def start(
        self,
        actor: Actor,
        rule_id: RuleId,
        version_id: VersionId | None,
        span: TimeRange,
        idempotency: IdempotencyKey | None = None,
    ) -> Rehearsal:
        """Begin to rehearse a version, the newest if none is named.

        Raises:
            RuleNotFound, VersionNotFound, RehearsalImpossible, TooManyRehearsals, IdempotencyMismatch.
        """

    def get(self, actor: Actor, rehearsal_id: RehearsalId) -> Rehearsal:
        """A rehearsal as far as it has come.

        Raises:
            RehearsalNotFound.
        """

    def cancel(self, actor: Actor, rehearsal_id: RehearsalId) -> None:
        """End a rehearsal. One that is over stays as it is.

        Raises:
            RehearsalNotFound.
        """
