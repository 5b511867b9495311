"""The profile: of the person who asks, with every organisation they belong to."""

from __future__ import annotations

import pytest

from penstock.core.people.errors import SessionRequired
from penstock.core.people.models import Role
from penstock.core.tenancy.errors import CredentialInvalid
from tests.core.people.house import House


async def test_a_name_is_changed_once(house: House) -> None:
    actor = await house.join("grace@example.org", Role.VIEWER)
    before = len(await house.acts())
    for _ in range(2):
        assert (await house.people.profile.rename(actor, "Grace H.")).user.name == "Grace H."
    person = await house.people.profile.get(actor)
    assert (person.user.name, person.role, person.mfa, person.recovery_codes_left) == ("Grace H.", Role.VIEWER, False, 0)
    assert [one.org_name for one in person.memberships] == ["Acme"]
    assert (await house.acts())[before:] == ["user.update"]


async def test_whoever_is_no_member_any_more_has_none(house: House) -> None:
    actor = await house.join("grace@example.org")
    await house.people.members.remove(house.root, actor.user_id)
    for call in (house.people.profile.get(actor), house.people.profile.rename(actor, "x")):
        with pytest.raises(CredentialInvalid):
            await call
    with pytest.raises(SessionRequired):
        await house.people.profile.get(house.root)
