"""The profile of the signed-in user."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import SystemDatabase
from penstock.core.people.models import Person
from penstock.core.people.roles import check_person
from penstock.core.people.store import PeopleSystemTransaction
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.kit.ids import Prefix, encode


class ProfileService:
    """Reads and renames the signed-in user."""

    def __init__(self, database: SystemDatabase[PeopleSystemTransaction], trail: AuditTrail) -> None:
        self._database = database
        self._trail = trail

    async def get(self, actor: Actor) -> Person:
        """The signed-in user, with every membership.

        Raises:
            SessionRequired.
        """
        check_person(actor)
        async with self._database.system_snapshot() as tx:
            return await _person(tx, actor)

    async def rename(self, actor: Actor, name: str) -> Person:
        """Change the user's name, which the members of all their organisations see.

        Raises:
            SessionRequired.
        """
        check_person(actor)
        async with self._database.system() as tx:
            person = await _person(tx, actor)
            user = msgspec.structs.replace(person.user, name=name)
            if user != person.user:
                await tx.users.update(user)
                target = Target("user", encode(Prefix.USER, user.id), user.email)
                before, after = {"name": person.user.name}, {"name": name}
                await self._trail.record(
                    tx.for_organization(actor.org_id), actor, "user.update", target, before=before, after=after
                )
        return msgspec.structs.replace(person, user=user)


async def _person(tx: PeopleSystemTransaction, actor: Actor) -> Person:
    user = await tx.users.find(actor.user_id)
    memberships = await tx.users.memberships(actor.user_id)
    here = next((one for one in memberships if one.org_id == actor.org_id), None)
    # The membership can have ended since the call was authenticated.
    if user is None or here is None:
        raise CredentialInvalid()
    factor = await tx.users.find_factor(actor.user_id)
    return Person(
        user=user,
        role=here.role,
        mfa=factor is not None and factor.confirmed_us is not None,
        recovery_codes_left=await tx.users.count_recovery_codes(actor.user_id),
        memberships=memberships,
    )
