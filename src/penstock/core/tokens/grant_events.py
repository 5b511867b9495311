"""The event of a grant that changed, and its entry in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.tokens.grant_models import Granted
from penstock.core.tokens.grant_transaction import GrantTransaction
from penstock.core.tokens.models import SubjectKind
from penstock.kit.clock import Clock, format_time
from penstock.kit.fields import converted
from penstock.kit.ids import GrantId, Prefix, TokenId, encode

PERMISSION_CHANGED = "token.permission.changed"


class Change(StrEnum):
    """What happened to a grant."""

    GRANTED = "granted"
    ELEVATED = "elevated"
    """The seed was granted for a while to a holder of the codes."""
    UPDATED = "updated"
    """It ends at another time."""
    REVOKED = "revoked"
    EXPIRED = "expired"


_ACTIONS = {
    Change.GRANTED: "token.permission.grant",
    Change.ELEVATED: "token.permission.grant",
    Change.UPDATED: "token.permission.update",
    Change.REVOKED: "token.permission.revoke",
    Change.EXPIRED: "token.permission.revoke",
}


class PermissionChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A grant of a token changed.

    `token` is the name of the token; of `group` (its name), `user` (the e-mail) and `key` (its name) exactly one is set, and
    `subject` is its id.
    `permission` is `code` or `seed`. `actor` is the name of the caller who changed it.
    """

    grant_id: GrantId
    token_id: TokenId
    token: str
    group: str | None = None
    user: str | None = None
    key: str | None = None
    subject: str
    permission: str
    change: Change
    expires_us: int | None
    actor: str
    at_us: int


class GrantNotes:
    """Records changes of grants: in the audit log, and as events."""

    def __init__(self, trail: AuditTrail, clock: Clock) -> None:
        self._trail = trail
        self._clock = clock

    async def note(self, tx: GrantTransaction, actor: Actor, change: Change, changed: Sequence[Granted]) -> None:
        """Record that the same happened to some grants. `changed` are the grants after the change, or before their end."""
        if not changed:
            return
        await self._trail.record_all(tx, actor, _ACTIONS[change], [(target_of(one), _facts(one, change)) for one in changed])
        now_us = self._clock.now_us()
        events = [(PERMISSION_CHANGED, one.grant.token_id, _event(one, change, actor, now_us)) for one in changed]
        await tx.outbox.add_all(events)


def target_of(granted: Granted) -> Target:
    """The token as the target of an audit entry."""
    return Target("token", encode(Prefix.TOKEN, granted.grant.token_id), granted.token)


def _facts(granted: Granted, change: Change) -> dict[str, object]:
    grant = granted.grant
    facts = {
        "change": change.value,
        "grant": encode(Prefix.GRANT, grant.id),
        "subject": granted.of.text,
        "subject_name": granted.subject,
        "permission": grant.permission.value,
        "expires_at": converted(grant.expires_us, format_time),
        "reason": grant.reason or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _event(granted: Granted, change: Change, actor: Actor, now_us: int) -> PermissionChanged:
    grant, name = granted.grant, granted.subject or granted.of.text
    return PermissionChanged(
        grant_id=grant.id,
        token_id=grant.token_id,
        token=granted.token,
        group=name if grant.subject_kind is SubjectKind.GROUP else None,
        user=name if grant.subject_kind is SubjectKind.USER else None,
        key=name if grant.subject_kind is SubjectKind.KEY else None,
        subject=granted.of.text,
        permission=grant.permission.value,
        change=change,
        expires_us=grant.expires_us,
        actor=actor.name or actor.kind.value,
        at_us=now_us,
    )
