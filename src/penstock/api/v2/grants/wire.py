"""Grants of tokens, and requests to read their seeds, over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Cursor, Id, Limit
from penstock.core.tokens.grant_models import Purpose, RequestState
from penstock.core.tokens.models import Permission
from penstock.kit.wire_types import Moment, one_of

Time = Annotated[str, Meta(max_length=40)]
InSeconds = Annotated[int, Meta(ge=1, le=315_360_000)]
Reason = Annotated[str, Meta(max_length=500)]
TokenRef = Annotated[str, Meta(min_length=1, max_length=100)]


class GrantCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A grant to make. `subject` is the id of a group, user or key.

    `code` allows to get the codes of the token, `seed` its seed as well. The grant ends at `expires_at`, or after `expires_in_s`
    seconds; without both it does not end by itself.
    """

    subject: Id
    permission: Literal["code", "seed"]
    expires_at: Time | None = None
    expires_in_s: InSeconds | None = None
    reason: Reason = ""


class GrantPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """When a grant ends from now on: at `expires_at` (null: not by itself), or after `expires_in_s` seconds."""

    expires_at: Time | UnsetType | None = UNSET
    expires_in_s: InSeconds | UnsetType = UNSET


class Elevation(Struct, frozen=True, forbid_unknown_fields=True):
    """For how many seconds the seed is granted."""

    expires_in_s: InSeconds
    reason: Reason = ""


class Grant(Struct, frozen=True, kw_only=True):
    """A grant: who may use a token. `expires_at` is null if it does not end by itself."""

    id: str
    token: str
    token_id: str
    subject: str
    subject_name: str
    permission: Annotated[str, one_of(*Permission)]
    expires_at: str | None
    reason: str
    created_by: str
    created_at: str


class SubjectQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The id of a group, user or key."""

    subject: Id
    limit: Limit = 100
    cursor: Cursor | None = None


class RequestCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """What a second person shall approve: to `read` the seed once, or to end this rule for the token (`end_four_eyes`)."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    purpose: Literal["read", "end_four_eyes"] = "read"


class RequestQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for requests: the name or id of a token, and their state."""

    token: TokenRef | None = None
    state: Literal["open", "approved", "denied", "used", "expired"] | None = "open"
    limit: Limit = 100
    cursor: Cursor | None = None


class Request(Struct, frozen=True, kw_only=True):
    """A request to read a seed.

    `until` is when it ends: while it is `open`, unless it is decided before; once it is `approved`, unless it is used before.
    """

    id: str
    token: str
    token_id: str
    purpose: Annotated[str, one_of(*Purpose)]
    reason: str
    state: Annotated[str, one_of(*RequestState)]
    requested_by: str
    created_at: str
    until: Moment
    decided_by: str | None
    decided_at: str | None
    used_at: str | None
