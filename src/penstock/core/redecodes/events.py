"""Events of re-decodes. Names on the wire are in the past tense; fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.core.redecodes.models import Redecode
from penstock.kit.ids import DeviceId, ProfileId, ProjectId, RedecodeId, RuleId

FINISHED = "codec.redecode.finished"


class RedecodeFinished(msgspec.Struct, frozen=True, kw_only=True):
    """A re-decode ended: `state` is `done`, `failed` or `cancelled`. `chain` are the rules that led to it."""

    redecode_id: RedecodeId
    device_id: DeviceId | None
    profile_id: ProfileId | None
    project_id: ProjectId | None
    state: str
    reason: str
    total: int | None
    done: int
    changed: int
    failed: int
    skipped: int
    at_us: int
    chain: tuple[RuleId, ...] = ()


def finished(redecode: Redecode, now_us: int) -> RedecodeFinished:
    """The event of a re-decode that ended."""
    return RedecodeFinished(
        redecode_id=redecode.id,
        device_id=redecode.device_id,
        profile_id=redecode.profile_id,
        project_id=redecode.project_id,
        state=redecode.state.value,
        reason=redecode.reason,
        total=redecode.total,
        done=redecode.done,
        changed=redecode.changed,
        failed=redecode.failed,
        skipped=redecode.skipped,
        at_us=now_us,
        chain=redecode.chain,
    )
