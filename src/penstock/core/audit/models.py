"""An entry of the audit log, and what can be asked of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from penstock.kit.ids import OrgId


class Outcome(StrEnum):
    """Whether what was tried was done."""

    SUCCESS = "success"
    FAILURE = "failure"


class Target(msgspec.Struct, frozen=True):
    """What an act was about. `kind` is a word such as `key`, `id` its public id, `name` what people call it."""

    kind: str
    id: str = ""
    name: str = ""


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One act. `details` is a JSON object, mostly `{before, after}`, and never holds a secret.

    `prev_hash` and `hash` are lower-case hex; the first entry's `prev_hash` is 64 zeros. Units: `time_us` as everywhere.
    """

    org_id: OrgId
    seq: int
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
    """Where an organisation's chain stands: the number, hash and time of its latest entry."""

    org_id: OrgId
    seq: int
    hash: str
    time_us: int


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries to list. Empty means all; `action` may end in `*`. Times: from (included) to (not included)."""

    action: str | None = None
    actor: str | None = None
    target_kind: str | None = None
    target: str | None = None
    from_us: int | None = None
    to_us: int | None = None
    outcome: Outcome | None = None
