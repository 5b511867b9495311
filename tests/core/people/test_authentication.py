"""Access tokens: what they are good for, until when, and that no memory of them outlasts a change."""

from __future__ import annotations

import pytest

from penstock.core.people.authentication import MAX_TOKEN_BYTES
from penstock.core.people.models import OrganizationSettings, Role
from penstock.core.people.roles import LIMITED, SCOPES
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.kit.clock import SECOND_US
from penstock.settings import load_settings
from tests.core.people.house import HERE, PASSWORD, House

CONFIG = load_settings(environment={}).people


async def refused(house: House, token: str) -> bool:
    try:
        await house.people.authenticator.authenticate(token.encode(), "")
    except CredentialInvalid:
        return True
    return False


async def test_a_token_is_its_member_with_the_scopes_of_the_role(house: House) -> None:
    actor = await house.join("grace@example.org", Role.VIEWER)
    assert (actor.org_id, actor.name, actor.scopes) == (house.acme, "grace@example.org", SCOPES[Role.VIEWER])
    tokens = await house.sign_in("grace@example.org")
    for address in ("192.0.2.1", "192.0.2.2"):
        found = await house.people.authenticator.authenticate(tokens.access_token.encode(), address)
        assert found.address == address, "the address is that of the call, also from memory"


async def test_a_token_ends_at_its_second_also_where_it_is_known(house: House) -> None:
    house.clock.us += -house.clock.us % SECOND_US  # tokens tell whole seconds
    tokens = await house.sign_in(house.owner_email, house.owner_password)
    house.clock.us += tokens.expires_in_s * SECOND_US - 1
    assert not await refused(house, tokens.access_token)
    house.clock.us += 1
    assert await refused(house, tokens.access_token)


async def test_nobody_is_let_in_by_what_is_no_token(house: House) -> None:
    token = (await house.sign_in(house.owner_email, house.owner_password)).access_token
    head, payload, signature = token.split(".")
    for odd in ("", token[:-1], f"{head}.{payload}.", f"{head}..{signature}", token + "A", "x" * (MAX_TOKEN_BYTES + 1)):
        assert await refused(house, odd), odd[:40]
    assert not await refused(house, token)


async def test_a_change_is_seen_by_the_next_call(house: House) -> None:
    member = await house.join("grace@example.org")
    tokens = await house.sign_in("grace@example.org")
    await house.people.members.set_role(house.root, member.user_id, Role.VIEWER)
    assert (await house.who(tokens)).scopes == SCOPES[Role.VIEWER]
    await house.people.members.set_settings(house.root, name=None, require_mfa=True)
    assert (await house.who(tokens)).scopes == LIMITED
    await house.people.members.set_settings(house.root, name=None, require_mfa=False)
    await house.people.users.set_suspended("grace@example.org", suspended=True)
    assert await refused(house, tokens.access_token)


@pytest.mark.parametrize("drops", [True, False])
async def test_memory_is_dropped_and_not_only_forgotten_about(drops: bool, house: House) -> None:
    """Written past the services, a change is seen only when memory is told: without that, nothing above would be tested."""
    tokens = await house.sign_in(house.owner_email, house.owner_password)
    actor = await house.who(tokens)
    async with house.control.database.transaction(house.acme) as tx:
        await tx.members.set_settings(OrganizationSettings(name="Acme", require_mfa=True))
    if drops:
        house.people.authenticator.drop_user(actor.user_id)
    assert ((await house.who(tokens)).scopes == LIMITED) is drops


async def test_a_token_of_one_organisation_is_none_of_another(house: House) -> None:
    actor = await house.join("grace@example.org")
    await house.people.invitations.create(house.stranger, "grace@example.org", Role.ADMIN)
    await house.people.invitations.accept(await house.token(), PASSWORD, "", HERE)
    there = await house.who(await house.sign_in("grace@example.org", org_id=house.other))
    assert (there.user_id, there.org_id, there.scopes) == (actor.user_id, house.other, SCOPES[Role.ADMIN])
    await house.people.members.remove(house.stranger, actor.user_id)
    assert (await house.who(await house.sign_in("grace@example.org"))).org_id == house.acme


async def test_the_indexes_hold_no_more_than_the_memory(house: House) -> None:
    """Tokens that expire or are dropped leave nothing behind, however many there were."""
    found = house.people.authenticator
    for _ in range(3):
        tokens = [await house.sign_in(house.owner_email, house.owner_password) for _ in range(4)]
        for one in tokens:
            await house.who(one)
        assert len(found._by_session) == len(found._known) == 4
        found.drop_session(tokens[0].session.id)
        assert len(found._by_session) == len(found._known) == 3
        house.clock.us = (tokens[0].session.created_us // SECOND_US + CONFIG.access_token_s + 1) * SECOND_US
        for one in tokens[1:]:
            assert await refused(house, one.access_token)
        assert (found._known, found._by_session, found._by_user) == ({}, {}, {})
    await house.owner()
    found.drop_user((await house.owner()).user_id)
    assert (found._known, found._by_session, found._by_user) == ({}, {}, {})
