"""Sessions: refreshed once by each token, ended by whoever may, and by theft."""

from __future__ import annotations

import pytest

from penstock.core.people.errors import MemberNotFound, RefreshInvalid, RoleNotAllowed, SessionNotFound, SessionRequired
from penstock.core.people.models import Role
from penstock.core.tenancy.errors import CredentialInvalid, OrganizationNotFound
from penstock.kit.clock import SECOND_US
from penstock.settings import load_settings
from tests.core.people.house import HERE, House


async def test_a_token_that_was_used_ends_the_session_for_thief_and_owner(house: House) -> None:
    sessions, first = house.people.sessions, await house.sign_in(house.owner_email, house.owner_password)
    second = await sessions.refresh(first.refresh_token, HERE)
    with pytest.raises(RefreshInvalid):
        await sessions.refresh(first.refresh_token, HERE)
    with pytest.raises(RefreshInvalid):
        await sessions.refresh(second.refresh_token, HERE)
    with pytest.raises(CredentialInvalid):
        await house.who(second)
    assert (await house.acts())[-1] == "auth.session.reuse"


@pytest.mark.parametrize("odd", ["", "prt_short", "prt_" + "a" * 50, "é"])
async def test_what_is_no_token_ends_nothing(odd: str, house: House) -> None:
    tokens = await house.sign_in(house.owner_email, house.owner_password)
    with pytest.raises(RefreshInvalid):
        await house.people.sessions.refresh(odd, HERE)
    await house.people.sessions.sign_out(odd, HERE)
    assert await house.who(tokens)


async def test_signing_out_ends_one_session_once(house: House) -> None:
    tokens = [await house.sign_in(house.owner_email, house.owner_password) for _ in range(2)]
    for _ in range(2):
        await house.people.sessions.sign_out(tokens[0].refresh_token, HERE)
    with pytest.raises(CredentialInvalid):
        await house.who(tokens[0])
    actor = await house.who(tokens[1])
    assert [one.id for one in (await house.people.sessions.list_own(actor, 9, None)).items] == [tokens[1].session.id]
    assert (await house.acts()).count("auth.session.revoke") == 1


async def test_one_ends_ones_own_sessions_and_those_of_whom_one_reaches(house: House) -> None:
    sessions, owner = house.people.sessions, await house.owner()
    member = await house.join("grace@example.org")
    with pytest.raises(SessionNotFound):
        await sessions.revoke_own(member, owner.session_id)
    admin = await house.join("bob@example.org", Role.ADMIN)
    with pytest.raises(RoleNotAllowed):
        await sessions.revoke_of(admin, owner.user_id)
    assert len((await sessions.list_of(admin, member.user_id, 9, None)).items) == 1
    await sessions.revoke_of(admin, member.user_id)
    assert (await sessions.list_of(admin, member.user_id, 9, None)).items == []
    with pytest.raises(MemberNotFound):
        await sessions.list_of(house.stranger, member.user_id, 9, None)
    with pytest.raises(MemberNotFound):
        await sessions.revoke_of(house.stranger, member.user_id)
    with pytest.raises(SessionRequired):
        await sessions.list_own(house.root, 9, None)


async def test_one_switches_only_to_where_one_belongs(house: House) -> None:
    owner = await house.owner()
    with pytest.raises(OrganizationNotFound):
        await house.people.sessions.switch(owner, house.other, HERE)
    await house.people.invitations.create(house.stranger, house.owner_email, Role.VIEWER)
    await house.people.invitations.accept(await house.token(), house.owner_password, "", HERE)
    there = await house.people.sessions.switch(owner, house.other, HERE)
    assert (there.role, there.session.org_id, there.session.methods) == (Role.VIEWER, house.other, ("pwd",))


async def test_to_switch_does_not_extend_a_sign_in(house: House) -> None:
    tokens = await house.sign_in(house.owner_email, house.owner_password)
    ends_us = tokens.session.expires_us
    for _ in range(3):
        house.clock.us += SECOND_US
        tokens = await house.people.sessions.switch(await house.who(tokens), house.acme, HERE)
        assert tokens.session.expires_us == ends_us


async def test_a_session_that_idles_too_long_has_ended(house: House) -> None:
    tokens = await house.sign_in(house.owner_email, house.owner_password)
    life_us = load_settings(environment={}).people.refresh_token_s * SECOND_US
    house.clock.us += life_us - 1
    tokens = await house.people.sessions.refresh(tokens.refresh_token, HERE)
    house.clock.us += life_us
    with pytest.raises(RefreshInvalid):
        await house.people.sessions.refresh(tokens.refresh_token, HERE)
