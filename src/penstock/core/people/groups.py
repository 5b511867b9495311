"""Groups of members."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.people.errors import GroupNotFound, MemberNotFound
from penstock.core.people.members import get_member
from penstock.core.people.models import Group, Member
from penstock.core.people.ports import MemberWatcher
from penstock.core.people.store import PeopleTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import GroupId, IdSource, Prefix, UserId, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page, decode_cursor, page_of

_ORDERING: Ordering[Group] = by_name("created_at")


class GroupService:
    """Groups, in CRUD order, then their members."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[PeopleTransaction],
        watcher: MemberWatcher,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._watcher = watcher
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def create(self, actor: Actor, name: str) -> Group:
        """Create an empty group.

        Raises:
            GroupExists: a group with this name exists.
        """
        group = Group(id=self._ids.next(GroupId), name=name, members=0, created_us=self._clock.now_us())
        async with self._database.transaction(actor.org_id) as tx:
            await tx.groups.create(group)
            await self._trail.record(tx, actor, "org.group.create", _target(group))
        return group

    async def get(self, actor: Actor, group_id: GroupId) -> Group:
        """One group.

        Raises:
            GroupNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, group_id)

    async def rename(self, actor: Actor, group_id: GroupId, name: str) -> Group:
        """Rename a group.

        Raises:
            GroupNotFound, GroupExists.
        """
        async with self._database.transaction(actor.org_id) as tx:
            group = await _get(tx, group_id)
            renamed = msgspec.structs.replace(group, name=name)
            if name != group.name:
                await tx.groups.rename(group_id, name)
                before, after = {"name": group.name}, {"name": name}
                await self._trail.record(tx, actor, "org.group.update", _target(renamed), before=before, after=after)
        return renamed

    async def delete(self, actor: Actor, group_id: GroupId) -> None:
        """Delete a group, with everything that was granted to it.

        Raises:
            GroupNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            group = await _get(tx, group_id)
            await self._watcher.deleting_group(tx, actor, group)
            await tx.groups.delete(group_id)
            await self._trail.record(tx, actor, "org.group.delete", _target(group), before={"members": group.members})

    async def members(self, actor: Actor, group_id: GroupId, limit: int, cursor: str | None) -> Page[Member]:
        """The members of a group by id.

        Raises:
            GroupNotFound.
        """
        after = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            await _get(tx, group_id)
            found = await tx.groups.members(group_id, limit + 1, after[0] if after else 0)
        return page_of(found, limit, lambda last: (last.user_id,))

    async def add(self, actor: Actor, group_id: GroupId, user_id: UserId) -> None:
        """Add a member to a group. Repeating the call has no effect.

        Raises:
            GroupNotFound, MemberNotFound.
            ScopeMissing, ReachesGrantedOnly: the member would get what was granted to the group, and the caller cannot give that.
        """
        async with self._database.transaction(actor.org_id) as tx:
            group, member = await _get(tx, group_id), await get_member(tx, user_id)
            await self._watcher.joining_group(tx, actor, group)
            if await tx.groups.add(group_id, user_id, self._clock.now_us()):
                await self._trail.record(tx, actor, "org.group.add", _target(group), member=member.email)

    async def remove(self, actor: Actor, group_id: GroupId, user_id: UserId) -> None:
        """Remove a member from a group.

        Raises:
            GroupNotFound.
            MemberNotFound: the user is not in the group.
        """
        async with self._database.transaction(actor.org_id) as tx:
            group = await _get(tx, group_id)
            member = await tx.members.find(user_id)
            if member is None or not await tx.groups.remove(group_id, user_id):
                raise MemberNotFound(user_id=encode(Prefix.USER, user_id))
            await self._trail.record(tx, actor, "org.group.remove", _target(group), member=member.email)

    async def list(self, actor: Actor, limit: int, cursor: str | None, view: View = WHOLE) -> Page[Group]:
        """Groups, by default oldest first."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.groups.list(limit + 1, place)
        return _ORDERING.page(found, limit, view)


async def _get(tx: PeopleTransaction, group_id: GroupId) -> Group:
    group = await tx.groups.find(group_id)
    if group is None:
        raise GroupNotFound(group_id=encode(Prefix.GROUP, group_id))
    return group


def _target(group: Group) -> Target:
    return Target("group", encode(Prefix.GROUP, group.id), group.name)
