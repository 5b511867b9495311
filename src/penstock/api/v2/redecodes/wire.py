"""Re-decodes over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from penstock.api.v2.wire import Cursor, Id, Limit
from penstock.core.redecodes.models import RedecodeState
from penstock.kit.wire_types import Moment, one_of

Time = Annotated[str, Meta(min_length=1, max_length=64)]
StateName = Literal["queued", "running", "done", "failed", "cancelled"]


class RedecodeCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """The uplinks to decode again: those of a device, of the devices of a profile, or of a project's devices.

    Exactly one of the three ids is required. `from` and `to` limit the event times; by default all uplinks are decoded.
    `only_failed` selects uplinks without values: their codec failed, or there was none.
    """

    device_id: Id | None = None
    profile_id: Id | None = None
    project_id: Id | None = None
    from_: Time | None = field(default=None, name="from")
    to: Time | None = None
    only_failed: bool = False


class RedecodeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which re-decodes to list."""

    state: StateName | None = None
    device_id: Id | None = None
    profile_id: Id | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Redecode(Struct, frozen=True, kw_only=True):
    """A re-decode.

    `total` is the number of its uplinks, null until they are counted; `done` of them were processed. `changed` have other values
    than before, `failed` could not be decoded and keep the values that they had, and `skipped` have no codec any longer or were
    deleted in the meantime. `reason` states why it failed. It concerns the uplinks that had arrived when it was created.
    """

    id: str
    device_id: str | None
    profile_id: str | None
    project_id: str | None
    from_: Moment | None = field(name="from")
    to: Moment | None
    only_failed: bool
    state: Annotated[str, one_of(*RedecodeState)]
    reason: str
    total: int | None
    done: int
    changed: int
    failed: int
    skipped: int
    author: str
    created_at: str
    started_at: str | None
    finished_at: str | None
