"""Attempts on their way into the audit log: the failed ones, and the codes that were asked for.

Nothing is written while the caller waits: a known e-mail would then take longer to refuse than an unknown one, and a guesser
could keep the disk busy. A worker writes them down a moment later.
"""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Outcome, Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import SystemDoor
from penstock.core.people.models import User
from penstock.core.people.store import PeopleSystemTransaction
from penstock.kit.ids import OrgId, Prefix, UserId, encode

MAX_WAITING = 10_000


class Attempted(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt on somebody's account in an organisation. `action` is such as `auth.signin.failure`."""

    org_id: OrgId
    user_id: UserId
    email: str
    address: str
    action: str
    reason: str | None = None
    outcome: Outcome = Outcome.FAILURE


class AttemptLog:
    """Failed attempts that wait to be written down."""

    def __init__(self, database: SystemDoor[PeopleSystemTransaction], trail: AuditTrail) -> None:
        self._database = database
        self._trail = trail
        self._waiting: list[Attempted] = []

    def note(self, org_id: OrgId, user: User, address: str, action: str, reason: str | None = None) -> None:
        """Remember one, a failed one if there is a reason; beyond what fits in memory they are dropped."""
        if len(self._waiting) < MAX_WAITING:
            self._waiting.append(
                Attempted(
                    org_id=org_id,
                    user_id=user.id,
                    email=user.email,
                    address=address,
                    action=action,
                    reason=reason,
                    outcome=Outcome.FAILURE if reason else Outcome.SUCCESS,
                )
            )

    async def write(self) -> None:
        """Write down what waits."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        async with self._database.system() as tx:
            for one in waiting:
                actor = Actor(org_id=one.org_id, kind=ActorKind.USER, id=one.user_id, name=one.email, address=one.address)
                target = Target("user", encode(Prefix.USER, one.user_id), one.email)
                scoped = tx.for_organization(one.org_id)
                await self._trail.record(scoped, actor, one.action, target, outcome=one.outcome, reason=one.reason)
