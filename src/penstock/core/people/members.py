"""Members of an organisation: their roles and their removal, and the organisation's own settings."""

from __future__ import annotations

from collections.abc import Callable

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.people.authentication import SessionAuthenticator
from penstock.core.people.errors import LastOwner, MemberIsCustomerManager, MemberIsResident, MemberNotFound
from penstock.core.people.models import Member, OffBoarded, OrganizationSettings, Role
from penstock.core.people.ports import MemberWatcher
from penstock.core.people.roles import check_reach
from penstock.core.people.store import PeopleTransaction
from penstock.core.tenancy.keys import calling_key
from penstock.core.tenancy.restrictions import check_unrestricted
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, UserId, encode
from penstock.kit.ordering import WHOLE, Field, Ordering, View
from penstock.kit.paging import Page

_ORDERING: Ordering[Member] = Ordering("user_id", {"name": Field("name"), "joined_at": Field("created_us", int)}, by_id="user_id")


class MemberService:
    """Members, and the settings of an organisation.

    `on_person_change` is called with each user whose rights changed, so that caches drop their keys; `on_settings_change` when
    the organisation changed. Both are called after the commit and before the call returns.
    """

    def __init__(
        self,
        *,
        database: OrganizationDatabase[PeopleTransaction],
        authenticator: SessionAuthenticator,
        trail: AuditTrail,
        clock: Clock,
        watcher: MemberWatcher,
        on_person_change: Callable[[UserId], None],
        on_settings_change: Callable[[], None],
    ) -> None:
        self._database = database
        self._authenticator = authenticator
        self._trail = trail
        self._clock = clock
        self._watcher = watcher
        self._on_person_change = on_person_change
        self._on_settings_change = on_settings_change

    async def get(self, actor: Actor, user_id: UserId) -> Member:
        """One member.

        Raises:
            MemberNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_member(tx, user_id)

    async def set_role(self, actor: Actor, user_id: UserId, role: Role) -> Member:
        """Set a member's role; it applies from their next call.

        Raises:
            MemberNotFound.
            RoleNotAllowed: the old or the new role has more permissions than the caller.
            KeyRestricted: the caller is a key with restrictions, which the member would not have.
            LastOwner: the organisation would have no owner.
            MemberIsResident, MemberIsCustomerManager: such a member cannot have another role.
        """
        async with self._database.transaction(actor.org_id) as tx:
            member = await get_member(tx, user_id)
            check_reach(actor, member.role)
            check_reach(actor, role)
            if member.role is role:
                return member
            if Role.RESIDENT in (member.role, role):
                raise MemberIsResident()
            if Role.CUSTOMER_MANAGER in (member.role, role):
                raise MemberIsCustomerManager()
            await check_gives_role(tx, actor)
            await _check_owner_left(tx, member)
            await self._watcher.changing_role(tx, actor, member, role)
            await tx.members.set_role(user_id, role)
            before, after = {"role": member.role.value}, {"role": role.value}
            await self._trail.record(tx, actor, "org.user.role", target_of(member), before=before, after=after)
            changed = await get_member(tx, user_id)
        # After the commit: a look-up between the drop and the commit would cache the old role again.
        self._authenticator.drop_user(user_id)
        self._on_person_change(user_id)
        return changed

    async def remove(self, actor: Actor, user_id: UserId) -> OffBoarded:
        """Remove a member: membership, groups, sessions here and all API keys they answer for end in one transaction.

        So do the open invitations that they or those keys made, or that are for their address: with one of these they could
        come back. The audit entry names what they had access to. The user is kept, so that older entries can be read, and so
        are other memberships.

        Raises:
            MemberNotFound, RoleNotAllowed, LastOwner.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            member = await get_member(tx, user_id)
            check_reach(actor, member.role)
            await _check_owner_left(tx, member)
            # Read before the membership is deleted, because the groups are deleted with it.
            groups = await tx.groups.names_of(user_id)
            projects = [project.name for project in await tx.projects.list()]
            session_ids = await tx.sessions.revoke_of(user_id, now_us)
            # Keys authenticate on their own: without this, the member would keep access through keys that they, or keys of
            # theirs, created.
            key_ids = await tx.members.revoke_keys_of(user_id, now_us)
            makers = [encode(Prefix.USER, user_id), *(encode(Prefix.KEY, key_id) for key_id in key_ids)]
            withdrawn = await tx.invitations.withdraw(member.email, makers, now_us)
            await tx.members.end_resets(user_id)
            await self._watcher.removing(tx, actor, member)
            await tx.members.delete(user_id)
            await self._trail.record(
                tx,
                actor,
                "org.user.remove",
                target_of(member),
                before={"role": member.role.value, "groups": groups},
                could_see={"projects": projects},
                sessions_ended=len(session_ids),
                keys_revoked=[encode(Prefix.KEY, key_id) for key_id in key_ids],
                invitations_withdrawn=withdrawn or None,
            )
        self._authenticator.drop_user(user_id)
        self._on_person_change(user_id)
        return OffBoarded(member=member, session_ids=session_ids, key_ids=key_ids, groups=groups)

    async def settings(self, actor: Actor) -> OrganizationSettings:
        """The organisation's settings."""
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.members.settings()

    async def set_settings(self, actor: Actor, *, name: str | None, require_mfa: bool | None) -> OrganizationSettings:
        """Change the organisation's name, or whether it requires a second factor; None leaves a value unchanged.

        The requirement applies immediately: sessions without a second factor can then only enrol one.

        Raises:
            OrganizationExists: another organisation has the name.
        """
        async with self._database.transaction(actor.org_id) as tx:
            before = await tx.members.settings()
            after = OrganizationSettings(
                name=before.name if name is None else name,
                require_mfa=before.require_mfa if require_mfa is None else require_mfa,
            )
            if after != before:
                await tx.members.set_settings(after)
                target = Target("organization", encode(Prefix.ORGANIZATION, actor.org_id), after.name)
                was, now = _facts(before), _facts(after)
                await self._trail.record(tx, actor, "org.settings.update", target, before=was, after=now)
        if after != before:
            self._on_settings_change()
            # The setting determines the scopes of every session in the organisation, and the cache has no index by
            # organisation.
            self._authenticator.clear()
        return after

    async def list(self, actor: Actor, limit: int, cursor: str | None, view: View = WHOLE) -> Page[Member]:
        """Members by id."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.members.list(limit + 1, place)
        return _ORDERING.page(found, limit, view)


async def get_member(tx: PeopleTransaction, user_id: UserId) -> Member:
    """One member in a running transaction.

    Raises:
        MemberNotFound.
    """
    member = await tx.members.find(user_id)
    if member is None:
        raise MemberNotFound(user_id=encode(Prefix.USER, user_id))
    return member


async def check_gives_role(tx: PeopleTransaction, actor: Actor) -> None:
    """Check that the caller can give a role to a member: a key hands its restrictions down, and a member cannot carry them.

    Raises:
        KeyRestricted, KeyNotActive.
    """
    maker = await calling_key(tx, actor)
    if maker is not None:
        check_unrestricted(maker)


def target_of(member: Member) -> Target:
    """The member as the target of an audit entry."""
    return Target("user", encode(Prefix.USER, member.user_id), member.email)


async def _check_owner_left(tx: PeopleTransaction, member: Member) -> None:
    if member.role is Role.OWNER and await tx.members.count_owners() < 2:
        raise LastOwner()


def _facts(settings: OrganizationSettings) -> dict[str, object]:
    return {"name": settings.name, "require_mfa": settings.require_mfa}
