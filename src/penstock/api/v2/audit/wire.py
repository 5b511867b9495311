"""The audit log over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.keys.wire import Time
from penstock.api.v2.wire import Cursor, Limit
from penstock.core.actor import ActorKind
from penstock.core.audit.models import Outcome
from penstock.kit.ids import AuditSeq
from penstock.kit.wire_types import one_of


class AuditQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for audit entries. `action` can end in `*`; `actor` is an e-mail, a key's name or an id.

    `target` is `kind:name`.
    """

    action: Annotated[str, Meta(max_length=100)] | None = None
    actor: Annotated[str, Meta(max_length=200)] | None = None
    target: Annotated[str, Meta(max_length=300)] | None = None
    outcome: Literal["success", "failure"] | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class AuditExportQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters and format of an export, oldest first."""

    format: Literal["ndjson", "json", "csv"] = "ndjson"
    action: Annotated[str, Meta(max_length=100)] | None = None
    actor: Annotated[str, Meta(max_length=200)] | None = None
    target: Annotated[str, Meta(max_length=300)] | None = None
    outcome: Literal["success", "failure"] | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None


class AuditRow(Struct, frozen=True):
    """An audit entry. `hash` chains it to the previous one: see the guide on how to verify an export."""

    seq: AuditSeq
    ts: str
    action: str
    actor_kind: Annotated[str, one_of(*ActorKind)]
    actor_id: str
    user: str
    ip: str
    target_type: str
    target_id: str
    target_name: str
    outcome: Annotated[str, one_of(*Outcome)]
    details: dict[str, Any]
    prev_hash: str
    hash: str


class AuditHead(Struct, frozen=True):
    """The head of the chain: its last sequence number and hash."""

    seq: AuditSeq
    hash: str
    ts: str | None


class VerificationQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to continue: the `next_cursor` of the previous call."""

    cursor: Cursor | None = None


class Verification(Struct, frozen=True):
    """The result of verifying `rows` entries, up to `seq` with `hash`. `fault` says what is wrong if they are not `intact`.

    With `next_cursor` more entries follow, which the next call verifies.
    """

    intact: bool
    rows: int
    seq: AuditSeq
    hash: str
    fault: str | None
    next_cursor: str | None
