"""Passwords: changed by whoever has the old one, reset by whoever has the mailbox, and mailed for no more than once a minute."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from penstock.core.actor import Actor
from penstock.core.people.errors import MailTokenInvalid, PasswordWrong, SignInFailed
from penstock.core.people.passwords import MAIL_PAUSE_US
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.settings import load_settings
from tests.core.people.house import HERE, PASSWORD, House


async def reset_token(house: House, email: str) -> str:
    house.people.passwords.forget(email, HERE)
    await house.people.passwords.mail_forgotten()
    return await house.token()


async def test_a_change_needs_the_old_one_and_ends_the_other_sessions(house: House) -> None:
    kept, ended = [await house.sign_in(house.owner_email, house.owner_password) for _ in range(2)]
    actor = await house.who(kept)
    with pytest.raises(PasswordWrong):
        await house.people.passwords.change(actor, "not it", PASSWORD)
    with pytest.raises(InvalidInput):
        await house.people.passwords.change(actor, house.owner_password, "short")
    await house.people.passwords.change(actor, house.owner_password, PASSWORD)
    assert await house.who(kept)
    with pytest.raises(CredentialInvalid):
        await house.who(ended)
    with pytest.raises(SignInFailed):
        await house.sign_in(house.owner_email, house.owner_password)
    assert await house.sign_in(house.owner_email)


async def test_a_reset_works_once_and_a_weak_password_does_not_use_it_up(house: House) -> None:
    tokens, token = await house.sign_in(house.owner_email, house.owner_password), await reset_token(house, house.owner_email)
    for weak in ("short", house.owner_email):
        with pytest.raises(InvalidInput):
            await house.people.passwords.reset(token, weak, HERE)
    await house.people.passwords.reset(token, PASSWORD, HERE)
    for odd in (token, "prw_x", "é"):
        with pytest.raises(MailTokenInvalid):
            await house.people.passwords.reset(odd, PASSWORD, HERE)
    with pytest.raises(CredentialInvalid):
        await house.who(tokens)
    assert await house.sign_in(house.owner_email)


async def test_a_reset_token_ends(house: House) -> None:
    token = await reset_token(house, house.owner_email)
    house.clock.us += load_settings(environment={}).people.reset_token_s * SECOND_US
    with pytest.raises(MailTokenInvalid):
        await house.people.passwords.reset(token, PASSWORD, HERE)


async def suspended_and_back(house: House, email: str) -> None:
    for suspended in (True, False):
        await house.people.users.set_suspended(email, suspended=suspended)


async def without_factor(house: House, actor: Actor) -> None:
    await house.people.second_factor.enrol(actor)
    assert await house.people.users.remove_second_factor(actor.name)


async def newer(house: House, email: str) -> None:
    house.clock.us += MAIL_PAUSE_US
    await reset_token(house, email)


ACTS: dict[str, Callable[[House, Actor], Awaitable[object]]] = {
    "a change of the password": lambda house, actor: house.people.passwords.change(actor, PASSWORD, f"{PASSWORD} anew"),
    "the end of all sessions": lambda house, actor: house.people.sessions.revoke_of(house.root, actor.user_id),
    "the end of the membership": lambda house, actor: house.people.members.remove(house.root, actor.user_id),
    "a password from the operator": lambda house, actor: house.people.users.set_password(actor.name, "x"),
    "a suspension that was lifted": lambda house, actor: suspended_and_back(house, actor.name),
    "the removal of the second factor": without_factor,
    "a newer token": lambda house, actor: newer(house, actor.name),
}


@pytest.mark.parametrize("act", ACTS)
async def test_a_reset_token_ends_with(house: House, act: str) -> None:
    actor = await house.join("grace@example.org")
    token = await reset_token(house, actor.name)
    await ACTS[act](house, actor)
    with pytest.raises(MailTokenInvalid):
        await house.people.passwords.reset(token, "another long passphrase 8", HERE)


async def test_a_mail_that_cannot_be_written_waits_for_the_next_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.join("grace@example.org")
    before = len(await house.mails())
    for email in (house.owner_email, "grace@example.org"):
        house.people.passwords.forget(email, HERE)

    async def full(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as disk:
        disk.setattr(house.people.post, "reset", full)
        with pytest.raises(Unavailable):
            await house.people.passwords.mail_forgotten()
    await house.people.passwords.mail_forgotten()
    assert {mail.to for mail in (await house.mails())[before:]} == {house.owner_email, "grace@example.org"}


class Unavailable(Exception):
    """The disk is full."""


async def test_mail_goes_to_accounts_alone_and_once_a_minute(house: House) -> None:
    await house.people.users.set_suspended("other@example.org", suspended=True)
    for email in ("nobody@example.org", "other@example.org"):
        house.people.passwords.forget(email, HERE)
    await house.people.passwords.mail_forgotten()
    assert await house.mails() == []
    for wait_us, mails in ((0, 1), (MAIL_PAUSE_US - 1, 1), (1, 2)):
        house.clock.us += wait_us
        house.people.passwords.forget(house.owner_email, HERE)
        await house.people.passwords.mail_forgotten()
        assert [mail.to for mail in await house.mails()] == [house.owner_email] * mails


async def test_a_change_keeps_what_others_change_while_it_hashes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = await house.sign_in(house.owner_email, house.owner_password)
    actor, hashing = await house.who(tokens), house.people.passwords._passwords

    async def renamed_meanwhile(password: str) -> str:
        await house.people.profile.rename(actor, "Ada Lovelace")
        return await original(password)

    original = hashing.hash
    monkeypatch.setattr(hashing, "hash", renamed_meanwhile)
    await house.people.passwords.change(actor, house.owner_password, PASSWORD)
    assert (await house.people.profile.get(actor)).user.name == "Ada Lovelace"


async def test_of_two_changes_from_one_password_one_counts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    actor, hashing = await house.owner(), house.people.passwords._passwords

    async def another_meanwhile(password: str) -> str:
        monkeypatch.setattr(hashing, "hash", original)
        await house.people.users.set_password(house.owner_email, await original("the operator set this one"))
        return await original(password)

    original = hashing.hash
    monkeypatch.setattr(hashing, "hash", another_meanwhile)
    with pytest.raises(PasswordWrong):
        await house.people.passwords.change(actor, house.owner_password, PASSWORD)
    assert await house.sign_in(house.owner_email, "the operator set this one")
