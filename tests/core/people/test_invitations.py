"""Invitations: a token that works once and in time, for the account that has the mailbox and its password."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.people.errors import (
    InvitationEnded,
    InvitationExists,
    InvitationNotFound,
    MailTokenInvalid,
    MemberExists,
    ResidentNotFound,
    RoleNotAllowed,
    SignInFailed,
)
from penstock.core.people.models import InvitationStatus, Role
from penstock.core.people.roles import SCOPES
from penstock.core.tenancy.models import KeyRequest
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ResidentId
from tests.core.people.house import HERE, PASSWORD, House

GRACE = "grace@example.org"


async def test_a_token_works_once(house: House) -> None:
    invitations = house.people.invitations
    made = await invitations.create(house.root, GRACE, Role.VIEWER)
    token = await house.token()
    joined = await invitations.accept(token, PASSWORD, "Grace", HERE)
    assert (joined.org_id, joined.email, joined.role) == (house.acme, GRACE, Role.VIEWER)
    for odd in (token, token[:-1], token + "x", "pin_é", ""):
        with pytest.raises(MailTokenInvalid):
            await invitations.accept(odd, PASSWORD, "Grace", HERE)
    assert (await invitations.get(house.root, made.id)).status(house.clock.us) is InvitationStatus.ACCEPTED
    with pytest.raises(InvitationEnded):
        await invitations.withdraw(house.root, made.id)


@pytest.mark.parametrize(("late_us", "works"), [(-1, True), (0, False)])
async def test_a_token_works_until_its_end_and_is_good_again_when_it_is_sent_again(
    late_us: int, works: bool, house: House
) -> None:
    invitations = house.people.invitations
    made = await invitations.create(house.root, GRACE, Role.VIEWER)
    first = await house.token()
    house.clock.us = made.expires_us + late_us
    if works:
        await invitations.accept(first, PASSWORD, "", HERE)
        return
    with pytest.raises(MailTokenInvalid):
        await invitations.accept(first, PASSWORD, "", HERE)
    again = await invitations.resend(house.root, made.id)
    assert again.expires_us - house.clock.us == made.expires_us - made.created_us
    with pytest.raises(MailTokenInvalid):
        await invitations.accept(first, PASSWORD, "", HERE)
    await invitations.accept(await house.token(), PASSWORD, "", HERE)


async def invited_by(house: House, actor: Actor) -> str:
    """The token of an invitation that somebody made."""
    await house.people.invitations.create(actor, GRACE, Role.ADMIN)
    return await house.token()


ENDS: dict[str, Callable[[House, Actor], Awaitable[object]]] = {
    "a removal": lambda house, actor: house.people.members.remove(house.root, actor.user_id),
    "a lower role": lambda house, actor: house.people.members.set_role(house.root, actor.user_id, Role.MEMBER),
    "a suspension": lambda house, actor: house.people.users.set_suspended(actor.name, suspended=True),
}


@pytest.mark.parametrize("end", ENDS)
async def test_an_invitation_ends_with_the_right_of_its_maker(house: House, end: str) -> None:
    admin = await house.join("admin@example.org", Role.ADMIN)
    token = await invited_by(house, admin)
    await ENDS[end](house, admin)
    with pytest.raises(MailTokenInvalid):
        await house.people.invitations.accept(token, PASSWORD, "", HERE)


@pytest.mark.parametrize("revoked", [False, True])
async def test_an_invitation_by_a_key_ends_with_the_key_and_with_its_maker(house: House, revoked: bool) -> None:
    admin = await house.join("admin@example.org", Role.ADMIN)
    key = (await house.control.keys.create(admin, KeyRequest(name="inviter", scopes=SCOPES[Role.ADMIN]))).key
    token = await invited_by(house, Actor(org_id=house.acme, kind=ActorKind.KEY, id=key.id, scopes=key.scopes, name=key.name))
    if revoked:
        await house.control.keys.revoke(house.root, key.id)
    else:
        await house.people.members.remove(house.root, admin.user_id)
    with pytest.raises(MailTokenInvalid):
        await house.people.invitations.accept(token, PASSWORD, "", HERE)


async def test_a_removed_member_cannot_come_back_with_an_older_invitation(house: House) -> None:
    first = await house.people.invitations.create(house.root, GRACE, Role.ADMIN)
    house.clock.us = first.expires_us
    actor = await house.join(GRACE)
    again = await house.people.invitations.resend(house.root, first.id)
    token = await house.token()
    await house.people.members.remove(house.root, actor.user_id)
    with pytest.raises(MailTokenInvalid):
        await house.people.invitations.accept(token, PASSWORD, "", HERE)
    shown = await house.people.invitations.get(house.root, again.id)
    assert shown.status(house.clock.us) is InvitationStatus.WITHDRAWN


async def test_one_that_another_admin_sent_again_depends_on_that_admin(house: House) -> None:
    first, second = [await house.join(f"{name}@example.org", Role.ADMIN) for name in ("first", "second")]
    made = await house.people.invitations.create(first, GRACE, Role.VIEWER)
    await house.people.invitations.resend(second, made.id)
    token = await house.token()
    await house.people.members.remove(house.root, first.user_id)
    assert (await house.people.invitations.accept(token, PASSWORD, "", HERE)).role is Role.VIEWER


async def test_one_open_invitation_for_somebody_who_is_no_member(house: House) -> None:
    invitations = house.people.invitations
    made = await invitations.create(house.root, GRACE, Role.VIEWER)
    with pytest.raises(InvitationExists):
        await invitations.create(house.root, GRACE.upper(), Role.VIEWER)
    with pytest.raises(MemberExists):
        await invitations.create(house.root, house.owner_email.upper(), Role.VIEWER)
    for _ in range(2):
        await invitations.withdraw(house.root, made.id)
    assert (await house.acts()).count("org.invitation.withdraw") == 1
    with pytest.raises(InvitationEnded):
        await invitations.resend(house.root, made.id)
    await invitations.create(house.root, GRACE, Role.VIEWER)


async def test_nobody_invites_beyond_their_reach(house: House) -> None:
    admin = await house.join("bob@example.org", Role.ADMIN)
    with pytest.raises(RoleNotAllowed):
        await house.people.invitations.create(admin, GRACE, Role.OWNER)
    made = await house.people.invitations.create(house.root, GRACE, Role.OWNER)
    with pytest.raises(RoleNotAllowed):
        await house.people.invitations.resend(admin, made.id)


async def test_an_account_is_joined_by_its_own_password(house: House) -> None:
    await house.people.invitations.create(house.root, "other@example.org", Role.MEMBER)
    token = await house.token()
    with pytest.raises(SignInFailed):
        await house.people.invitations.accept(token, PASSWORD, "Eve", HERE)
    await house.people.invitations.create(house.root, GRACE, Role.MEMBER)
    token = await house.token()
    with pytest.raises(InvalidInput):
        await house.people.invitations.accept(token, "short", "Grace", HERE)
    await house.people.invitations.accept(token, PASSWORD, "Grace", HERE)


async def test_a_resident_who_is_none_cannot_be_invited_and_strangers_see_nothing(house: House) -> None:
    invitations = house.people.invitations
    with pytest.raises(ResidentNotFound):
        await invitations.create(house.root, GRACE, Role.RESIDENT, ResidentId(1))
    made = await invitations.create(house.root, GRACE, Role.MEMBER)
    for call in (invitations.get, invitations.resend, invitations.withdraw):
        with pytest.raises(InvitationNotFound):
            await call(house.stranger, made.id)
    assert (await invitations.list(house.stranger, 10, None)).items == []
    assert [one.id for one in (await invitations.list(house.root, 10, None)).items] == [made.id]
