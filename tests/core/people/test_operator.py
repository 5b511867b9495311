"""What the operator does to users is in the audit log of every organisation that they belong to."""

from __future__ import annotations

import pytest

from penstock.adapters.passwords import hash_password
from penstock.core.people import operator
from penstock.core.people.errors import SignInFailed, UserNotFound
from penstock.core.people.models import Role
from penstock.core.tenancy.errors import CredentialInvalid
from tests.core.people.house import HERE, PASSWORD, House


async def test_whoever_is_suspended_is_out_at_once_everywhere(house: House) -> None:
    await house.people.invitations.create(house.stranger, house.owner_email, Role.VIEWER)
    await house.people.invitations.accept(await house.token(), house.owner_password, "", HERE)
    tokens = await house.sign_in(house.owner_email, house.owner_password)
    for _ in range(2):
        assert (await house.people.users.set_suspended(house.owner_email.upper(), suspended=True)).suspended_us == house.clock.us
    with pytest.raises(CredentialInvalid):
        await house.who(tokens)
    with pytest.raises(SignInFailed):
        await house.sign_in(house.owner_email, house.owner_password)
    await house.people.users.set_suspended(house.owner_email, suspended=False)
    assert await house.sign_in(house.owner_email, house.owner_password)
    for org_id in (house.acme, house.other):
        assert [act for act in await house.acts(org_id) if act.startswith("user.")] == ["user.suspend", "user.resume"]


async def test_a_set_password_ends_sessions(house: House) -> None:
    tokens = await house.sign_in(house.owner_email, house.owner_password)
    await house.people.users.set_password(house.owner_email, hash_password(PASSWORD))
    with pytest.raises(CredentialInvalid):
        await house.who(tokens)
    assert await house.sign_in(house.owner_email)


async def test_nobody_is_named_and_no_factor_is_none(house: House) -> None:
    assert await house.people.users.remove_second_factor(house.owner_email) is False
    for call in (
        house.people.users.set_suspended("nobody@example.org", suspended=True),
        house.people.users.set_password("nobody@example.org", "h"),
        house.people.users.remove_second_factor("nobody@example.org"),
    ):
        with pytest.raises(UserNotFound):
            await call


async def test_everybody_is_listed_across_pages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator, "PAGE", 1)
    await house.join("grace@example.org")
    found = [(user.email, [one.org_name for one in memberships]) for user, memberships in await house.people.users.list()]
    assert found == [("acme@example.org", ["Acme"]), ("other@example.org", ["Other"]), ("grace@example.org", ["Acme"])]
