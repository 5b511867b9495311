"""Re-decodes, and what they decode."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.clock import MAX_US
from penstock.kit.ids import DeviceId, OrgId, ProfileId, ProjectId, RedecodeId, RuleId, Seq


class RedecodeState(StrEnum):
    """The state of a re-decode. Of an organisation's, one is running at a time, and the others wait in the order of creation."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (RedecodeState.QUEUED, RedecodeState.RUNNING)


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """The uplinks to decode: those of a device, of the devices of a profile or of a project, with event times in a range.

    Exactly one of the three ids is set. With `only_failed`, only uplinks without values are decoded.
    """

    device_id: DeviceId | None = None
    profile_id: ProfileId | None = None
    project_id: ProjectId | None = None
    from_us: int = 0
    to_us: int = MAX_US
    only_failed: bool = False


class Redecode(msgspec.Struct, frozen=True, kw_only=True):
    """One re-decode.

    `reach_id` is the project that it is limited to, None if it can concern devices of several projects. `total` is the number of
    uplinks, None until they have been counted; `done` of them were processed. `changed` have other values than before, `failed`
    could not be decoded, and `skipped` have no codec any longer, or were deleted in the meantime. `until_seq` is the last reading
    that it concerns, so that it ends however many uplinks arrive. `reason` states why it failed.
    """

    id: RedecodeId
    device_id: DeviceId | None
    profile_id: ProfileId | None
    project_id: ProjectId | None
    reach_id: ProjectId | None
    from_us: int
    to_us: int
    only_failed: bool
    state: RedecodeState
    until_seq: Seq
    author: str
    chain: tuple[RuleId, ...]
    created_us: int
    reason: str = ""
    total: int | None = None
    done: int = 0
    changed: int = 0
    failed: int = 0
    skipped: int = 0
    started_us: int | None = None
    finished_us: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether it is still to be run, or running."""
        return self.state in ACTIVE


class RedecodeFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which re-decodes to list; None means any."""

    state: RedecodeState | None = None
    device_id: DeviceId | None = None
    profile_id: ProfileId | None = None
    reach_id: ProjectId | None = None


class DueRedecode(msgspec.Struct, frozen=True, kw_only=True):
    """A re-decode that the worker has to work on."""

    org_id: OrgId
    id: RedecodeId


class NewPayload(msgspec.Struct, frozen=True, array_like=True):
    """The payload that a stored reading gets, its event time and the hash of its dedupe key, None if these stay.

    With the number 0 it is a reading of its own, an earlier one that an uplink carried.
    """

    device_id: DeviceId
    seq: Seq
    payload: bytes
    time_us: int | None = None
    dedupe: bytes | None = None

    @property
    def is_new(self) -> bool:
        """Whether no stored reading gets it."""
        return not self.seq
