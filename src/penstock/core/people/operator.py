"""The operator's actions on users, above organisations: list, suspend, set a password, remove a second factor.

Each action is recorded in the audit log of every organisation that the user belongs to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import SystemDatabase
from penstock.core.people.authentication import SessionAuthenticator
from penstock.core.people.errors import UserNotFound
from penstock.core.people.models import Membership, User
from penstock.core.people.ports import MemberWatcher
from penstock.core.people.store import PeopleSystemTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, UserId, encode

PAGE = 500


class UserService:
    """Users of all organisations. `on_person_change` is called with each user whose rights changed."""

    def __init__(
        self,
        *,
        database: SystemDatabase[PeopleSystemTransaction],
        authenticator: SessionAuthenticator,
        trail: AuditTrail,
        clock: Clock,
        watcher: MemberWatcher,
        on_person_change: Callable[[UserId], None],
    ) -> None:
        self._database = database
        self._authenticator = authenticator
        self._trail = trail
        self._clock = clock
        self._watcher = watcher
        self._on_person_change = on_person_change

    async def set_suspended(self, email: str, *, suspended: bool) -> User:
        """Suspend a user in all organisations immediately, or reinstate them.

        Their sessions end. Their API keys do nothing while the suspension lasts, and work again after it.

        Raises:
            UserNotFound.
        """
        async with self._database.system() as tx:
            user = await _get(tx, email)
            if (user.suspended_us is not None) is suspended:
                return user
            now_us = self._clock.now_us()
            changed = msgspec.structs.replace(user, suspended_us=now_us if suspended else None)
            await tx.users.update(changed)
            if suspended:
                await tx.users.end_resets(user.id)
                await tx.sessions.revoke_everywhere(user.id, now_us)
                for membership in await tx.users.memberships(user.id):
                    own = tx.for_organization(membership.org_id)
                    await self._watcher.suspending(own, Actor.operator(membership.org_id), user.id)
            await self._note(tx, changed, "user.suspend" if suspended else "user.resume")
        self._authenticator.drop_user(user.id)
        self._on_person_change(user.id)
        return changed

    async def set_password(self, email: str, password_hash: str) -> User:
        """Set a password, passed as its hash. The user's sessions end.

        Raises:
            UserNotFound.
        """
        async with self._database.system() as tx:
            user = msgspec.structs.replace(await _get(tx, email), password_hash=password_hash)
            await tx.users.update(user)
            await tx.users.end_resets(user.id)
            ended = await tx.sessions.revoke_everywhere(user.id, self._clock.now_us())
            await self._note(tx, user, "auth.password.reset", sessions_ended=len(ended))
        self._authenticator.drop_user(user.id)
        return user

    async def remove_second_factor(self, email: str) -> bool:
        """Remove the second factor of a user who lost it, with its recovery codes; False if there is none.

        Raises:
            UserNotFound.
        """
        async with self._database.system() as tx:
            user = await _get(tx, email)
            if await tx.users.find_factor(user.id) is None:
                return False
            await tx.users.delete_factor(user.id)
            # A token from before was stopped by the factor as well, and would now be enough.
            await tx.users.end_resets(user.id)
            await self._note(tx, user, "auth.mfa.disable")
        return True

    async def list(self) -> list[tuple[User, list[Membership]]]:
        """Every user with the organisations they belong to, oldest first."""
        found: list[tuple[User, list[Membership]]] = []
        async with self._database.system_snapshot() as tx:
            after_id = 0
            while page := await tx.users.list(PAGE, after_id):
                found += [(user, await tx.users.memberships(user.id)) for user in page]
                after_id = page[-1].id
        return found

    async def _note(self, tx: PeopleSystemTransaction, user: User, action: str, **details: Any) -> None:
        target = Target("user", encode(Prefix.USER, user.id), user.email)
        for membership in await tx.users.memberships(user.id):
            actor = Actor.operator(membership.org_id)
            await self._trail.record(tx.for_organization(membership.org_id), actor, action, target, **details)


async def _get(tx: PeopleSystemTransaction, email: str) -> User:
    user = await tx.users.find_by_email(email)
    if user is None:
        raise UserNotFound(email=email)
    return user
