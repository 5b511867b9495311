"""Groups: of members of their organisation, changed once, and no stranger's."""

from __future__ import annotations

import pytest

from penstock.core.people.errors import GroupExists, GroupNotFound, MemberNotFound
from penstock.kit.ids import GroupId
from tests.core.people.house import House


async def test_a_member_joins_and_leaves_once(house: House) -> None:
    member, before = await house.join("grace@example.org"), len(await house.acts())
    groups, group = house.people.groups, await house.people.groups.create(house.root, "Night shift")
    for _ in range(2):
        await groups.add(house.root, group.id, member.user_id)
    assert [one.email for one in (await groups.members(house.root, group.id, 10, None)).items] == ["grace@example.org"]
    await groups.remove(house.root, group.id, member.user_id)
    with pytest.raises(MemberNotFound):
        await groups.remove(house.root, group.id, member.user_id)
    assert (await house.acts())[before:] == ["org.group.create", "org.group.add", "org.group.remove"]


async def test_a_name_is_taken_once_and_may_stay_as_it_is(house: House) -> None:
    groups = house.people.groups
    night, _ = await groups.create(house.root, "Night"), await groups.create(house.root, "Day")
    with pytest.raises(GroupExists):
        await groups.create(house.root, "Night")
    with pytest.raises(GroupExists):
        await groups.rename(house.root, night.id, "Day")
    before = await house.acts()
    assert await groups.rename(house.root, night.id, "Night") == night
    assert await house.acts() == before, "nothing changed"


async def test_strangers_and_those_who_are_no_members(house: House) -> None:
    groups, group = house.people.groups, await house.people.groups.create(house.root, "Night")
    stranger = (await house.people.members.list(house.stranger, 10, None)).items[0]
    with pytest.raises(MemberNotFound):
        await groups.add(house.root, group.id, stranger.user_id)
    for group_id, actor in ((group.id, house.stranger), (GroupId(1), house.root)):
        for call in (groups.get(actor, group_id), groups.delete(actor, group_id), groups.members(actor, group_id, 1, None)):
            with pytest.raises(GroupNotFound):
                await call
    assert (await groups.list(house.stranger, 10, None)).items == []


async def test_pages_are_oldest_first(house: House) -> None:
    groups = house.people.groups
    names = ["c", "a", "b"]
    for name in names:
        await groups.create(house.root, name)
        house.clock.us += 1_000_000
    first = await groups.list(house.root, 2, None)
    rest = await groups.list(house.root, 2, first.next_cursor)
    assert [one.name for one in (*first.items, *rest.items)] == names
    assert rest.next_cursor is None
