"""The second factor: without effect until it is confirmed, each code once, and not to be taken off where it is required."""

from __future__ import annotations

import pyotp
import pytest

from penstock.core.actor import Actor
from penstock.core.people.errors import (
    CodeWrong,
    PasswordWrong,
    SecondFactorExists,
    SecondFactorForced,
    SecondFactorMissing,
    SessionRequired,
)
from penstock.core.people.models import Challenge
from penstock.kit.clock import SECOND_US
from tests.core.people.house import HERE, House


async def enrolled(house: House, actor: Actor) -> tuple[pyotp.TOTP, list[str]]:
    enrolment = await house.people.second_factor.enrol(actor)
    code = pyotp.TOTP(enrolment.secret)
    return code, await house.people.second_factor.confirm(actor, code.at(house.clock.us // SECOND_US))


async def test_only_the_last_enrolment_is_confirmed_and_only_then_it_counts(house: House) -> None:
    factor, actor = house.people.second_factor, await house.owner()
    with pytest.raises(SecondFactorMissing):
        await factor.confirm(actor, "123456")
    first, second = await factor.enrol(actor), await factor.enrol(actor)
    now_s = house.clock.us // SECOND_US
    with pytest.raises(CodeWrong):
        await factor.confirm(actor, pyotp.TOTP(first.secret).at(now_s))
    assert await house.sign_in(house.owner_email, house.owner_password), "no code is asked for yet"
    recovery = await factor.confirm(actor, pyotp.TOTP(second.secret).at(now_s))
    assert len(set(recovery)) == len(recovery) > 5
    asked = await house.people.sign_in.sign_in(house.owner_email, house.owner_password, None, HERE)
    assert isinstance(asked, Challenge)
    for call in (factor.enrol(actor), factor.confirm(actor, "123456")):
        with pytest.raises(SecondFactorExists):
            await call


async def test_it_is_removed_with_password_and_an_unused_code(house: House) -> None:
    actor = await house.owner()
    with pytest.raises(SecondFactorMissing):
        await house.people.second_factor.remove(actor, house.owner_password, "123456")
    code, recovery = await enrolled(house, actor)
    used = code.at(house.clock.us // SECOND_US)
    with pytest.raises(PasswordWrong):
        await house.people.second_factor.remove(actor, "not it", recovery[0])
    with pytest.raises(CodeWrong):
        await house.people.second_factor.remove(actor, house.owner_password, used)
    await house.people.second_factor.remove(actor, house.owner_password, recovery[0].upper().replace("-", " "))
    assert await house.sign_in(house.owner_email, house.owner_password)


async def test_it_stays_where_an_organisation_requires_it(house: House) -> None:
    actor = await house.owner()
    _, recovery = await enrolled(house, actor)
    await house.people.members.set_settings(house.root, name=None, require_mfa=True)
    with pytest.raises(SecondFactorForced):
        await house.people.second_factor.remove(actor, house.owner_password, recovery[0])
    await house.people.members.set_settings(house.root, name=None, require_mfa=False)
    await house.people.second_factor.remove(actor, house.owner_password, recovery[0])


async def test_it_is_a_persons(house: House) -> None:
    with pytest.raises(SessionRequired):
        await house.people.second_factor.enrol(house.root)
