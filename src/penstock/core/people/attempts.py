"""Sign-in attempts for the audit log: failed ones, and requests for codes.

Nothing is written while the caller waits. Otherwise a known e-mail would take longer to reject than an unknown one, and an
attacker could keep the disk busy. A worker stores the attempts shortly afterwards.
"""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Outcome, Target
from penstock.core.audit.store import HasAudit
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import SystemDatabase
from penstock.core.people.models import User
from penstock.core.people.store import PeopleSystemTransaction
from penstock.kit.ids import OrgId, Prefix, UserId, encode

MAX_WAITING = 10_000


class Attempted(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt on a user's account in an organisation. `action` is for example `auth.signin.failure`."""

    org_id: OrgId
    user_id: UserId
    email: str
    address: str
    action: str
    reason: str | None = None
    outcome: Outcome = Outcome.FAILURE


class AttemptLog:
    """Attempts that wait to be stored."""

    def __init__(self, database: SystemDatabase[PeopleSystemTransaction], trail: AuditTrail) -> None:
        self._database = database
        self._trail = trail
        self._waiting: list[Attempted] = []

    def note(self, org_id: OrgId, user: User, address: str, action: str, reason: str | None = None) -> None:
        """Queue an attempt, a failed one if there is a reason. Attempts that exceed the queue's limit are dropped."""
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
        """Store the queued attempts. If storing fails, they are kept for the next time."""
        # Swapped before the first await, because `note` can be called while this writes.
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        try:
            async with self._database.system() as tx:
                for one in waiting:
                    await self._record(tx.for_organization(one.org_id), one)
        except BaseException:
            self._waiting = (waiting + self._waiting)[:MAX_WAITING]
            raise

    async def _record(self, tx: HasAudit, one: Attempted) -> None:
        actor = Actor(org_id=one.org_id, kind=ActorKind.USER, id=one.user_id, name=one.email, address=one.address)
        target = Target("user", encode(Prefix.USER, one.user_id), one.email)
        await self._trail.record(tx, actor, one.action, target, outcome=one.outcome, reason=one.reason)
