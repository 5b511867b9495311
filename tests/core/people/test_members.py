"""Members: roles within reach, an owner who stays, and all that ends when somebody goes."""

from __future__ import annotations

import pytest

from penstock.core.people.errors import LastOwner, MemberNotFound, RoleNotAllowed
from penstock.core.people.models import Role
from penstock.core.tenancy.errors import CredentialInvalid, OrganizationExists
from penstock.core.tenancy.models import KeyRequest
from tests.core.people.house import House


async def test_nobody_gives_or_takes_more_than_they_have(house: House) -> None:
    owner = await house.owner()
    admin, member = await house.join("bob@example.org", Role.ADMIN), await house.join("grace@example.org")
    for user_id, role in ((member.user_id, Role.OWNER), (owner.user_id, Role.MEMBER)):
        with pytest.raises(RoleNotAllowed):
            await house.people.members.set_role(admin, user_id, role)
    with pytest.raises(RoleNotAllowed):
        await house.people.members.remove(admin, owner.user_id)
    assert (await house.people.members.set_role(admin, member.user_id, Role.VIEWER)).role is Role.VIEWER


async def test_the_last_owner_stays_until_there_is_another(house: House) -> None:
    owner = await house.owner()
    for change in (
        house.people.members.remove(owner, owner.user_id),
        house.people.members.set_role(owner, owner.user_id, Role.ADMIN),
    ):
        with pytest.raises(LastOwner):
            await change
    assert (await house.people.members.set_role(owner, owner.user_id, Role.OWNER)).role is Role.OWNER, "that changes nothing"
    other = await house.join("grace@example.org", Role.OWNER)
    await house.people.members.remove(other, owner.user_id)
    with pytest.raises(MemberNotFound):
        await house.people.members.get(other, owner.user_id)


async def test_whoever_goes_leaves_groups_sessions_and_keys(house: House) -> None:
    member = await house.join("grace@example.org", Role.ADMIN)
    group = await house.people.groups.create(house.root, "Night shift")
    await house.people.groups.add(house.root, group.id, member.user_id)
    made = await house.control.keys.create(member, KeyRequest(name="mine", scopes=frozenset({"devices:read"})))
    gone = await house.people.members.remove(house.root, member.user_id)
    assert (gone.groups, gone.key_ids, len(gone.session_ids)) == (["Night shift"], [made.key.id], 1)
    assert (await house.people.groups.get(house.root, group.id)).members == 0
    async with house.control.database.snapshot(house.acme) as tx:
        key = await tx.keys.find(made.key.id)
        assert key is not None
        assert key.revoked_us == house.clock.us
    with pytest.raises(MemberNotFound):
        await house.people.members.remove(house.root, member.user_id)
    assert (await house.acts()).count("org.user.remove") == 1


async def test_another_organisation_has_its_own_members(house: House) -> None:
    member = await house.join("grace@example.org")
    for call in (house.people.members.get, house.people.members.remove):
        with pytest.raises(MemberNotFound):
            await call(house.stranger, member.user_id)
    assert [one.email for one in (await house.people.members.list(house.stranger, 10, None)).items] == ["other@example.org"]


async def test_pages_go_on_where_the_one_before_ended(house: House) -> None:
    for name in ("a", "b"):
        await house.join(f"{name}@example.org")
    first = await house.people.members.list(house.root, 2, None)
    rest = await house.people.members.list(house.root, 2, first.next_cursor)
    assert [one.email for one in (*first.items, *rest.items)] == ["acme@example.org", "a@example.org", "b@example.org"]
    assert rest.next_cursor is None


async def test_settings_change_once_and_a_name_is_nobody_elses(house: House) -> None:
    before = len(await house.acts())
    assert (await house.people.members.set_settings(house.root, name=None, require_mfa=False)).name == "Acme"
    assert len(await house.acts()) == before, "nothing changed"
    assert (await house.people.members.set_settings(house.root, name="Acme 2", require_mfa=None)).name == "Acme 2"
    with pytest.raises(OrganizationExists):
        await house.people.members.set_settings(house.root, name="Other", require_mfa=None)
    assert (await house.people.members.settings(house.root)).name == "Acme 2"
    assert (await house.acts())[before:] == ["org.settings.update"]


async def test_a_session_ends_with_its_membership(house: House) -> None:
    member = await house.join("grace@example.org")
    tokens = await house.sign_in("grace@example.org")
    await house.people.members.remove(house.root, member.user_id)
    with pytest.raises(CredentialInvalid):
        await house.who(tokens)
