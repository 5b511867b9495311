"""Access tokens for the cookies of browsers: many requests share one, and none outlives its session."""

from __future__ import annotations

import asyncio

import pytest

from penstock.core.people.browser_sessions import RENEW_BEFORE_S
from penstock.core.people.errors import RefreshInvalid
from penstock.core.people.models import Role
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.kit.clock import SECOND_US
from penstock.settings import load_settings
from tests.core.people.house import HERE, House

CONFIG = load_settings(environment={}).people


async def test_requests_at_once_share_the_cookie_and_end_nothing(house: House) -> None:
    cookie = (await house.sign_in(house.owner_email, house.owner_password)).refresh_token
    tokens = await asyncio.gather(*(house.people.browsers.access_token(cookie) for _ in range(8)))
    actor = await house.people.authenticator.authenticate(tokens[0].encode(), "")
    assert actor.name == house.owner_email
    assert await house.people.browsers.access_token(cookie) in tokens
    assert (await house.acts())[-1] != "auth.session.reuse"


async def test_a_new_token_replaces_one_that_is_about_to_expire(house: House) -> None:
    cookie = (await house.sign_in(house.owner_email, house.owner_password)).refresh_token
    first = await house.people.browsers.access_token(cookie)
    house.clock.us += (CONFIG.access_token_s - RENEW_BEFORE_S - 1) * SECOND_US
    assert await house.people.browsers.access_token(cookie) == first
    house.clock.us += 2 * SECOND_US
    assert await house.people.browsers.access_token(cookie) != first


async def test_a_session_that_is_used_does_not_become_idle(house: House) -> None:
    cookie = (await house.sign_in(house.owner_email, house.owner_password)).refresh_token
    for _ in range(3):
        house.clock.us += (CONFIG.refresh_token_s - 1) * SECOND_US
        await house.people.browsers.access_token(cookie)
    house.clock.us += (CONFIG.refresh_token_s + 1) * SECOND_US
    with pytest.raises(RefreshInvalid):
        await house.people.browsers.access_token(cookie)


async def test_a_token_ends_with_its_session(house: House) -> None:
    cookie = (await house.sign_in(house.owner_email, house.owner_password)).refresh_token
    token = await house.people.browsers.access_token(cookie)
    await house.people.sessions.sign_out(cookie, HERE)
    with pytest.raises(CredentialInvalid):
        await house.people.authenticator.authenticate(token.encode(), "")
    house.clock.us += CONFIG.access_token_s * SECOND_US
    with pytest.raises(RefreshInvalid):
        await house.people.browsers.access_token(cookie)


async def test_a_copied_cookie_that_was_exchanged_ends_the_session(house: House) -> None:
    cookie = (await house.sign_in(house.owner_email, house.owner_password)).refresh_token
    thief = await house.people.sessions.refresh(cookie, HERE)
    with pytest.raises(RefreshInvalid):
        await house.people.browsers.access_token(cookie)
    assert (await house.acts())[-1] == "auth.session.reuse"
    with pytest.raises(CredentialInvalid):
        await house.people.authenticator.authenticate(thief.access_token.encode(), "")
    with pytest.raises(RefreshInvalid):
        await house.people.sessions.refresh(thief.refresh_token, HERE)


async def test_a_current_token_is_not_a_stolen_one(house: House) -> None:
    cookie = (await house.sign_in(house.owner_email, house.owner_password)).refresh_token
    await house.people.sessions.end_stolen(cookie)
    await house.people.sessions.end_stolen("no token")
    assert await house.people.browsers.access_token(cookie)


async def test_whoever_left_gets_none(house: House) -> None:
    member = await house.join("grace@example.org", Role.MEMBER)
    cookie = (await house.sign_in("grace@example.org")).refresh_token
    await house.people.members.remove(await house.owner(), member.user_id)
    with pytest.raises(RefreshInvalid):
        await house.people.browsers.access_token(cookie)


@pytest.mark.parametrize("odd", ["", "prt_short", "prt_" + "a" * 50, "é"])
async def test_what_is_no_token_opens_nothing(odd: str, house: House) -> None:
    with pytest.raises(RefreshInvalid):
        await house.people.browsers.access_token(odd)
