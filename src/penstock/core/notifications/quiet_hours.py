"""Use cases on a user's own quiet hours."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import SystemDatabase
from penstock.core.notifications.models import Quiet
from penstock.core.notifications.quiet import check_quiet
from penstock.core.notifications.store import NotificationSystemTransaction
from penstock.core.people.roles import check_person
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, encode


class QuietHoursService:
    """The quiet hours of the signed-in user. They apply to mails of every organisation."""

    def __init__(self, *, database: SystemDatabase[NotificationSystemTransaction], trail: AuditTrail, clock: Clock) -> None:
        self._database = database
        self._trail = trail
        self._clock = clock

    async def get(self, actor: Actor) -> Quiet | None:
        """Return the caller's quiet hours, or None.

        Raises:
            SessionRequired.
        """
        check_person(actor)
        async with self._database.system_snapshot() as tx:
            return await tx.quiet_hours.find(actor.user_id)

    async def set(self, actor: Actor, quiet: Quiet) -> Quiet:
        """Replace the caller's quiet hours. Mails that are already waiting are checked against them when they are due.

        Raises:
            SessionRequired, InvalidInput.
        """
        check_person(actor)
        check_quiet(quiet)
        async with self._database.system() as tx:
            await tx.quiet_hours.set(actor.user_id, quiet, self._clock.now_us())
            await self._trail.record(
                tx.for_organization(actor.org_id), actor, "user.quiet_hours_set", _target(actor), after=msgspec.to_builtins(quiet)
            )
        return quiet

    async def delete(self, actor: Actor) -> None:
        """Remove the caller's quiet hours. Repeating the call has no effect.

        Raises:
            SessionRequired.
        """
        check_person(actor)
        async with self._database.system() as tx:
            if await tx.quiet_hours.delete(actor.user_id):
                await self._trail.record(tx.for_organization(actor.org_id), actor, "user.quiet_hours_delete", _target(actor))


def _target(actor: Actor) -> Target:
    return Target("user", encode(Prefix.USER, actor.user_id), actor.name)
