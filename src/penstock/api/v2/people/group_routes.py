"""Groups of members over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.people import wire
from penstock.api.v2.people.examples import GROUP, GROUP_PATH, MEMBER, USER_PATH
from penstock.api.v2.people.member_routes import READ, WRITE, _user_id
from penstock.api.v2.people.translate import from_core_group, from_core_member
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf, OldestFirst, Page
from penstock.core.people.groups import GroupService
from penstock.kit.ids import GroupId, Prefix
from penstock.kit.operation import Example


class GroupEndpoints:
    """Groups and their members."""

    routes = Routes("/api/v2/groups", surface="v2", tag="Groups")

    def __init__(self, groups: GroupService) -> None:
        self._groups = groups

    @routes.get(
        scope=READ,
        example=Example(answer={"data": [GROUP], "next_cursor": None}),
    )
    async def list_groups(self, call: Call[OldestFirst, None]) -> ListOf[wire.Group]:
        """List groups."""
        page = await self._groups.list(call.actor, call.query.limit, call.query.cursor, view_of(call.query))
        return ListOf([from_core_group(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        status=201,
        example=Example(body={"name": "Night shift"}, answer=GROUP | {"members": 0}),
    )
    async def create(self, call: Call[None, wire.GroupWrite]) -> wire.Group:
        """Create a group."""
        return from_core_group(await self._groups.create(call.actor, call.body.name))

    @routes.get(
        "/{group_id}",
        scope=READ,
        example=Example(path=GROUP_PATH, answer=GROUP),
    )
    async def get(self, call: Call[None, None]) -> wire.Group:
        """Get a group."""
        return from_core_group(await self._groups.get(call.actor, _group_id(call)))

    @routes.patch(
        "/{group_id}",
        scope=WRITE,
        example=Example(path=GROUP_PATH, body={"name": "Late shift"}, answer=GROUP | {"name": "Late shift"}),
    )
    async def rename(self, call: Call[None, wire.GroupWrite]) -> wire.Group:
        """Rename a group."""
        return from_core_group(await self._groups.rename(call.actor, _group_id(call), call.body.name))

    @routes.delete(
        "/{group_id}",
        scope=WRITE,
        status=204,
        example=Example(path=GROUP_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a group.

        Its members stay members of the organisation.
        """
        await self._groups.delete(call.actor, _group_id(call))

    @routes.get(
        "/{group_id}/members",
        scope=READ,
        example=Example(path=GROUP_PATH, answer={"data": [MEMBER], "next_cursor": None}),
    )
    async def members(self, call: Call[Page, None]) -> ListOf[wire.Member]:
        """List the members of a group."""
        page = await self._groups.members(call.actor, _group_id(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_member(one) for one in page.items], page.next_cursor)

    @routes.put(
        "/{group_id}/members/{user_id}",
        scope=WRITE,
        status=204,
        example=Example(path=GROUP_PATH | USER_PATH),
    )
    async def add(self, call: Call[None, None]) -> None:
        """Add a member to a group.

        Repeating the call has no effect.
        """
        await self._groups.add(call.actor, _group_id(call), _user_id(call))

    @routes.delete(
        "/{group_id}/members/{user_id}",
        scope=WRITE,
        status=204,
        example=Example(path=GROUP_PATH | USER_PATH),
    )
    async def remove(self, call: Call[None, None]) -> None:
        """Remove a member from a group."""
        await self._groups.remove(call.actor, _group_id(call), _user_id(call))


def _group_id(call: Call[Any, Any]) -> GroupId:
    return path_id(Prefix.GROUP, call.path["group_id"])
