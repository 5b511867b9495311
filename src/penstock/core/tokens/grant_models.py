"""Grants with names, and requests to read a seed that a second person must approve."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.tokens.models import Grant, Permission, SubjectKind
from penstock.kit.ids import IdKind, OrgId, Prefix, SeedRequestId, TokenId, encode

OPERATOR = 0
"""The person who answers for the actions of the server's operator."""
PREFIXES: dict[SubjectKind, IdKind[Any]] = {
    SubjectKind.GROUP: Prefix.GROUP,
    SubjectKind.USER: Prefix.USER,
    SubjectKind.KEY: Prefix.KEY,
}


class Subject(msgspec.Struct, frozen=True):
    """A group, user or key by the number of its id."""

    kind: SubjectKind
    id: int

    @property
    def text(self) -> str:
        """The id as text."""
        return encode(PREFIXES[self.kind], self.id)


class Granted(msgspec.Struct, frozen=True):
    """A grant with the name of its token, and that of its group or key or the e-mail of its user (empty if it was deleted)."""

    grant: Grant
    token: str
    subject: str

    @property
    def of(self) -> Subject:
        """To what the token is granted."""
        return Subject(self.grant.subject_kind, self.grant.subject_id)


class NewGrant(msgspec.Struct, frozen=True, kw_only=True):
    """A grant to make. At most one of `expires_us` and `expires_in_us` is set; without both, it does not end by itself."""

    subject: Subject
    permission: Permission
    expires_us: int | None = None
    expires_in_us: int | None = None
    reason: str = ""


class EndedGrant(msgspec.Struct, frozen=True):
    """A grant whose end has passed, of whichever organisation."""

    org_id: OrgId
    granted: Granted


class Purpose(StrEnum):
    """What a second person approves."""

    READ = "read"
    """To read the seed once."""
    END_FOUR_EYES = "end_four_eyes"
    """That from now on no approval is required."""


class RequestState(StrEnum):
    """The state of a request."""

    OPEN = "open"
    APPROVED = "approved"
    DENIED = "denied"
    USED = "used"
    EXPIRED = "expired"


class SeedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request to read the seed of a token once.

    Only the user or key that made it can use it. `person` is the user who answers for the requester, 0 the operator; no one can
    decide on their own request. It ends at `until_us`: while it is open, when it was not decided in time; once it is approved,
    when it was not used in time.
    """

    id: SeedRequestId
    token_id: TokenId
    token: str
    purpose: Purpose
    reason: str
    state: RequestState
    actor_kind: ActorKind
    actor_id: int
    person: int
    requested_by: str
    created_us: int
    until_us: int
    decided_by: str = ""
    decided_us: int | None = None
    used_us: int | None = None

    def state_at(self, now_us: int) -> RequestState:
        """The state, in which an end is noticed at once."""
        ends = self.state in (RequestState.OPEN, RequestState.APPROVED)
        return RequestState.EXPIRED if ends and self.until_us <= now_us else self.state


def person_of(actor: Actor) -> int:
    """The user who answers for an actor; 0 for the operator."""
    if actor.kind is ActorKind.USER:
        return actor.user_id
    return actor.root_id or OPERATOR
