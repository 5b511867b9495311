"""The challenge between the two steps of a sign-in, with the clock in hand, over a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pyotp
import pytest

from penstock.adapters import passwords
from penstock.bootstrap import DataDir, open_control
from penstock.bootstrap.people import People
from penstock.core.people.errors import ChallengeInvalid, SignInFailed
from penstock.core.people.models import Challenge, Client, Tokens
from penstock.kit.clock import SECOND_US
from penstock.settings import load_settings
from tests.core.people.house import House
from tests.support.days import HeldClock
from tests.support.quick_passwords import CountingHasher

NEW_PASSWORD = "another long passphrase 8"


class Ada:
    """A user with a confirmed second factor, and recovery codes to sign in with."""

    def __init__(self, people: People, email: str, password: str) -> None:
        self.people, self.email, self.password = people, email, password
        self.recovery_codes: list[str] = []

    async def enrol(self, clock: HeldClock) -> None:
        tokens = await self.people.sign_in.sign_in(self.email, self.password, None, Client())
        assert isinstance(tokens, Tokens)
        self.actor = await self.people.authenticator.authenticate(tokens.access_token.encode(), "")
        enrolment = await self.people.second_factor.enrol(self.actor)
        code = pyotp.TOTP(enrolment.secret).at(clock.us // SECOND_US)
        self.recovery_codes = await self.people.second_factor.confirm(self.actor, code)

    async def first_step(self) -> Challenge:
        challenge = await self.people.sign_in.sign_in(self.email, self.password, None, Client())
        assert isinstance(challenge, Challenge)
        return challenge

    async def second_step(self, challenge: Challenge) -> Tokens:
        return await self.people.sign_in.second_step(challenge.mfa_token, self.recovery_codes.pop(), Client())


@asynccontextmanager
async def enrolled(folder: Path, clock: HeldClock) -> AsyncIterator[Ada]:
    async with open_control(DataDir(folder / "data"), load_settings(environment={}), clock) as control:
        made = await control.tenancy.bootstrap("Acme", "ada@example.org")
        ada = Ada(control.people, made.user_email, made.user_password)
        await ada.enrol(clock)
        yield ada


async def test_a_challenge_expires(tmp_path: Path) -> None:
    clock = HeldClock()
    async with enrolled(tmp_path, clock) as ada:
        in_time, late = await ada.first_step(), await ada.first_step()
        clock.us += late.expires_in_s * SECOND_US - 1
        assert await ada.second_step(in_time)
        clock.us += 1
        with pytest.raises(ChallengeInvalid):
            await ada.second_step(late)


async def test_a_challenge_ends_when_the_password_changes(tmp_path: Path) -> None:
    async with enrolled(tmp_path, HeldClock()) as ada:
        before = await ada.first_step()
        await ada.people.passwords.change(ada.actor, ada.password, NEW_PASSWORD)
        ada.password = NEW_PASSWORD
        with pytest.raises(ChallengeInvalid):
            await ada.second_step(before)
        assert await ada.second_step(await ada.first_step())


async def test_an_unknown_user_costs_as_many_hashes_as_a_wrong_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It must not be told by the time it takes which accounts exist: hashing is nearly all of it."""
    hasher = CountingHasher()

    async def cost(email: str) -> int:
        hasher.compared.clear()
        with pytest.raises(SignInFailed):
            await ada.people.sign_in.sign_in(email, "not the password", None, Client())
        return sum(stored != "" for stored in hasher.compared)

    async with enrolled(tmp_path, HeldClock()) as ada:
        passwords._nobodys_hash()
        monkeypatch.setattr(passwords, "_hasher", hasher)
        assert await cost(ada.email) == await cost("nobody@example.org") == 1


@pytest.mark.parametrize("change", ["suspended", "another password"])
async def test_what_ends_all_sessions_ends_the_one_that_is_just_opening(
    change: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashing = house.people.passwords._passwords

    async def changed_meanwhile(password_hash: str, password: str) -> bool:
        if change == "suspended":
            await house.people.users.set_suspended(house.owner_email, suspended=True)
        else:
            await house.people.users.set_password(house.owner_email, await hashing.hash("the operator set this one"))
        return await original(password_hash, password)

    original = hashing.verify
    monkeypatch.setattr(hashing, "verify", changed_meanwhile)
    with pytest.raises(SignInFailed):
        await house.sign_in(house.owner_email, house.owner_password)
