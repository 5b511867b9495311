"""Four eyes: a seed that is read only after a second person approved it."""

from __future__ import annotations

from typing import Any

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.tokens.errors import ApprovalRequired
from penstock.core.tokens.grant_models import Purpose, RequestState, SeedRequest, person_of
from penstock.core.tokens.grant_store import AccessTransaction
from penstock.core.tokens.models import Token
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, SeedRequestId, TokenId, encode


class SeedGate:
    """Uses approvals."""

    def __init__(self, trail: AuditTrail, clock: Clock) -> None:
        self._trail = trail
        self._clock = clock

    async def check(self, tx: AccessTransaction, actor: Actor, token: Token, purpose: Purpose) -> None:
        """Use an approval for the caller's next step in the same transaction, if the token requires one.

        Raises:
            ApprovalRequired: no one approved it, or it was long ago, or it was used.
        """
        if not token.four_eyes:
            return
        now_us = self._clock.now_us()
        approved = await tx.seed_requests.find_approved(
            new_request(SeedRequestId(0), actor, token, purpose, "", now_us, 0), now_us
        )
        if approved is None or not await tx.seed_requests.use(approved.id, now_us):
            raise ApprovalRequired(token=token.name)
        await self._trail.record(tx, actor, "token.seed.approval.use", token_target(token), **facts_of(approved))


def new_request(
    request_id: SeedRequestId, actor: Actor, token: Token, purpose: Purpose, reason: str, now_us: int, until_us: int
) -> SeedRequest:
    """An open request of a caller."""
    return SeedRequest(
        id=request_id,
        token_id=TokenId(token.id),
        token=token.name,
        purpose=purpose,
        reason=reason,
        state=RequestState.OPEN,
        actor_kind=actor.kind,
        actor_id=actor.id,
        person=person_of(actor),
        requested_by=actor.name or actor.kind.value,
        created_us=now_us,
        until_us=until_us,
    )


def token_target(token: Token) -> Target:
    """A token as the target of an audit entry."""
    return Target("token", encode(Prefix.TOKEN, token.id), token.name)


def facts_of(request: SeedRequest) -> dict[str, Any]:
    """What the audit log says of a request."""
    return {
        "request": encode(Prefix.SEED_REQUEST, request.id),
        "purpose": request.purpose.value,
        "requested_by": request.requested_by,
        "reason": request.reason or None,
    }
