"""Entries of the audit log, and filters for them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from penstock.kit.ids import AuditSeq, OrgId


class Outcome(StrEnum):
    """Whether the attempt succeeded."""

    SUCCESS = "success"
    FAILURE = "failure"


class Target(msgspec.Struct, frozen=True):
    """The object of a change. `kind` is a type such as `key`, `id` its public id, `name` its name for users."""

    kind: str
    id: str = ""
    name: str = ""


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded change. `details` is a JSON object, usually `{before, after}`, and never contains a secret.

    `prev_hash` and `hash` are lower-case hex; the first entry's `prev_hash` is 64 zeros. Units: `time_us` as everywhere.
    """

    org_id: OrgId
    seq: AuditSeq
    time_us: int
    action: str
    actor_kind: str
    actor_id: str
    actor_name: str
    address: str
    target: Target
    outcome: Outcome = Outcome.SUCCESS
    details: dict[str, Any] = {}
    prev_hash: str = ""
    hash: str = ""


class Head(msgspec.Struct, frozen=True):
    """The head of an organisation's chain: the number, hash and time of its latest entry."""

    org_id: OrgId
    seq: AuditSeq
    hash: str
    time_us: int


class Verified(msgspec.Struct, frozen=True):
    """The result of verifying rows of a chain up to `seq`, whose hash is `hash`. `fault` is what is wrong with them.

    `next_cursor` continues the verification; None at the end of the chain, or at a fault.
    """

    rows: int
    seq: AuditSeq
    hash: str
    fault: str | None
    next_cursor: str | None


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries to list. Empty means all; `action` can end in `*`. Times: `from_us` (inclusive) to `to_us` (exclusive)."""

    action: str | None = None
    actor: str | None = None
    target_kind: str | None = None
    target: str | None = None
    from_us: int | None = None
    to_us: int | None = None
    outcome: Outcome | None = None
