"""People as rows: what is used once is used once, what ends in one organisation stays in the other, and who is told."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.people.errors import GroupExists
from penstock.core.people.models import (
    Factor,
    Group,
    Invitation,
    OrganizationSettings,
    QueuedMail,
    Role,
    Session,
    SigningKey,
    User,
)
from penstock.core.tenancy.errors import OrganizationExists
from penstock.kit.ids import GroupId, InvitationId, MailId, SessionId, UserId
from tests.support.shelf import Shelf

ADA = UserId(50)
NOW = 100


def user(number: int, name: str) -> User:
    return User(id=UserId(number), email=f"{name}@example.org", name=name, password_hash="h", created_us=1)


def session(shelf: Shelf, number: int, **about: Any) -> Session:
    known: dict[str, Any] = {
        "id": SessionId(number),
        "org_id": shelf.acme,
        "user_id": ADA,
        "methods": ("pwd", "otp"),
        "address": "192.0.2.1",
        "agent": "curl",
        "created_us": 1,
        "last_used_us": 10,
        "expires_us": 1000,
    }
    return Session(**known | about)


def invitation(shelf: Shelf, number: int, email: str) -> Invitation:
    return Invitation(
        id=InvitationId(number),
        org_id=shelf.acme,
        email=email,
        role=Role.VIEWER,
        invited_by="ada",
        created_us=1,
        sent_us=1,
        expires_us=NOW,
    )


@pytest.fixture
async def both(shelf: Shelf) -> Shelf:
    """Ada is a member of both organisations: a viewer of Acme, an owner of Other."""
    async with shelf.system() as tx:
        await tx.users.create(user(50, "ada"))
    async with shelf.own() as own:
        await own.members.create(ADA, Role.VIEWER, 5)
    async with shelf.strange() as strange:
        await strange.members.create(ADA, Role.OWNER, 4)
    return shelf


async def changes(shelf: Shelf) -> int:
    async with shelf.system() as tx:
        return await tx.credentials.changes()


async def test_a_person_is_found_in_any_spelling_and_has_memberships(both: Shelf) -> None:
    async with both.system() as tx:
        assert await tx.users.find_by_email("ADA@Example.org") == user(50, "ada")
        assert await tx.users.find(UserId(51)) is None
        found = [(one.org_id, one.role, one.org_suspended) for one in await tx.users.memberships(ADA)]
        assert found == [(both.other, Role.OWNER, False), (both.acme, Role.VIEWER, False)]
        (first, *rest) = [one.id for one in await tx.users.list(10, 0)]
        assert [one.id for one in await tx.users.list(10, first)] == rest
        assert len(await tx.users.list(1, 0)) == 1


async def test_codes_and_steps_work_once(both: Shelf) -> None:
    factor = Factor(user_id=ADA, sealed=b"s", algorithm="SHA1", digits=6, created_us=1)
    async with both.system() as tx:
        assert await tx.users.use_step(ADA, 7) is False, "there is no factor yet"
        await tx.users.set_factor(factor)
        assert [await tx.users.use_step(ADA, step) for step in (7, 7, 6, 8)] == [True, False, False, True]
        await tx.users.replace_recovery_codes(ADA, [b"a", b"b"])
        assert [await tx.users.use_recovery_code(ADA, code) for code in (b"a", b"a", b"c")] == [True, False, False]
        assert await tx.users.count_recovery_codes(ADA) == 1
        await tx.users.delete_factor(ADA)
        assert await tx.users.find_factor(ADA) is None
        assert await tx.users.count_recovery_codes(ADA) == 0


@pytest.mark.parametrize(("at_us", "works"), [(NOW - 1, True), (NOW, False)])
async def test_a_reset_token_works_once_in_time_and_replaces_the_others(at_us: int, works: bool, both: Shelf) -> None:
    async with both.system() as tx:
        assert await tx.users.last_reset_us(ADA) == 0
        for digest, sent_us in ((b"one", 1), (b"two", 2)):
            await tx.users.add_reset_token(ADA, digest, sent_us, NOW)
        assert await tx.users.last_reset_us(ADA) == 2
        assert await tx.users.use_reset_token(b"one", at_us) is None
        assert await tx.users.use_reset_token(b"two", at_us) == (ADA if works else None)
        assert await tx.users.use_reset_token(b"two", at_us) is None
        await tx.users.add_reset_token(ADA, b"three", 3, NOW)
        await tx.users.end_resets(ADA)
        assert await tx.users.use_reset_token(b"three", 4) is None


async def test_a_refresh_token_is_rotated_once_and_known_as_spent(both: Shelf) -> None:
    one = session(both, 1)
    async with both.own() as tx:
        await tx.sessions.create(one, b"first")
        assert await tx.sessions.find(one.id) == one
        assert await tx.sessions.rotate(one, b"first", b"second", 20) is True
        assert await tx.sessions.rotate(one, b"first", b"third", 21) is False
    async with both.strange() as tx:
        assert await tx.sessions.find(one.id) is None
        assert await tx.sessions.rotate(one, b"second", b"stolen", 22) is False
        assert await tx.sessions.revoke(one.id, 22) is False
    async with both.system() as tx:
        current, spent = await tx.sessions.find_by_refresh(b"second"), await tx.sessions.find_by_spent(b"first")
        assert current == spent == session(both, 1, last_used_us=20)
        assert await tx.sessions.find_by_refresh(b"first") is await tx.sessions.find_by_spent(b"second") is None


async def test_only_sessions_that_are_alive_and_were_used_are_listed(both: Shelf) -> None:
    async with both.own() as tx:
        for number, about in enumerate([{}, {"expires_us": 30}, {"last_used_us": 5}, {}], 1):
            await tx.sessions.create(session(both, number, **about), f"r{number}".encode())
        await tx.sessions.revoke(SessionId(4), 20)
        assert [one.id for one in await tx.sessions.list(ADA, 29, 4, 9, None)] == [3, 2, 1]
        assert [one.id for one in await tx.sessions.list(ADA, 29, 4, 1, 3)] == [2]
        assert [one.id for one in await tx.sessions.list(ADA, 30, 5, 9, None)] == [1]
    async with both.strange() as tx:
        assert await tx.sessions.list(ADA, 0, 0, 9, None) == []
    async with both.system() as tx:
        assert (await tx.sessions.drop_ended(20), await tx.sessions.drop_ended(31)) == (0, 2)


async def test_sessions_end_in_one_organisation_or_everywhere_but_one(both: Shelf) -> None:
    async with both.own() as tx:
        await tx.sessions.create(session(both, 1), b"r1")
        await tx.sessions.create(session(both, 2), b"r2")
    async with both.strange() as tx:
        await tx.sessions.create(session(both, 3, org_id=both.other), b"r3")
        assert await tx.sessions.revoke_of(UserId(51), 20) == []
    before = await changes(both)
    async with both.system() as tx:
        assert sorted(await tx.sessions.revoke_everywhere(ADA, 20, but=SessionId(2))) == [1, 3]
    async with both.own() as tx:
        assert await tx.sessions.revoke_of(ADA, 21) == [2]
    assert await changes(both) == before + 2, "running servers are told each time"


async def test_a_session_stands_as_its_member_does(both: Shelf) -> None:
    async with both.own() as tx:
        await tx.sessions.create(session(both, 1), b"r1")
        await tx.members.set_settings(OrganizationSettings(name="Acme", require_mfa=True))
    async with both.system() as tx:
        state = await tx.sessions.standing(SessionId(1))
        assert state is not None
        assert (state.role, state.require_mfa, state.user_suspended, state.email) == (Role.VIEWER, True, False, "ada@example.org")
        assert await tx.sessions.standing(SessionId(9)) is None
    async with both.own() as tx:
        await tx.members.delete(ADA)
    async with both.system() as tx:
        state = await tx.sessions.standing(SessionId(1))
        assert state is not None
        assert state.role is None


async def test_a_member_leaves_one_organisation_with_its_groups_there(both: Shelf) -> None:
    group = Group(id=GroupId(1), name="Night shift", members=0, created_us=1)
    async with both.own() as tx:
        await tx.groups.create(group)
        assert [await tx.groups.add(group.id, ADA, 5) for _ in range(2)] == [True, False]
        assert [one.user_id for one in await tx.groups.members(group.id, 10, 0)] == [ADA]
        assert await tx.groups.members(group.id, 10, ADA) == []
        assert await tx.groups.names_of(ADA) == ["Night shift"]
    async with both.strange() as tx:
        assert await tx.groups.find(group.id) is None
        assert await tx.groups.names_of(ADA) == await tx.groups.list(10, 0) == []
        await tx.groups.delete(group.id)
        await tx.members.set_role(ADA, Role.ADMIN)
    async with both.own() as tx:
        found = await tx.members.find_by_email("ADA@example.org")
        assert found is not None
        assert (found.role, found.mfa) == (Role.VIEWER, False)
        await tx.members.delete(ADA)
        assert await tx.members.find(ADA) is None
        assert await tx.groups.find(group.id) == group
    async with both.strange() as tx:
        assert await tx.members.find(ADA) is not None
        assert await tx.members.count_owners() == 1, "Ada is an admin now"


async def test_names_of_groups_and_organisations_are_taken_once(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number, name in ((1, "Night"), (2, "Day")):
            await tx.groups.create(Group(id=GroupId(number), name=name, members=0, created_us=1))
        with pytest.raises(GroupExists):
            await tx.groups.create(Group(id=GroupId(3), name="Day", members=0, created_us=1))
        with pytest.raises(GroupExists):
            await tx.groups.rename(GroupId(2), "Night")
        assert [one.id for one in await tx.groups.list(1, 1)] == [2]
        with pytest.raises(OrganizationExists):
            await tx.members.set_settings(OrganizationSettings(name="Other", require_mfa=False))
        assert await tx.members.settings() == OrganizationSettings(name="Acme", require_mfa=False)
    async with shelf.strange() as tx:
        await tx.groups.create(Group(id=GroupId(4), name="Night", members=0, created_us=1))


@pytest.mark.parametrize(("at_us", "is_open"), [(NOW - 1, True), (NOW, False)])
async def test_an_invitation_is_open_until_it_ends_in_any_way(at_us: int, is_open: bool, shelf: Shelf) -> None:
    one = invitation(shelf, 1, "grace@example.org")
    async with shelf.own() as tx:
        await tx.invitations.create(one, b"first")
        assert await tx.invitations.find_pending("GRACE@example.org", at_us) == (one if is_open else None)
        await tx.invitations.replace_digest(one.id, b"second")
        await tx.invitations.create(invitation(shelf, 2, "bob@example.org"), b"bob's")
        assert [found.id for found in await tx.invitations.list(1, None)] == [2]
        assert [found.id for found in await tx.invitations.list(9, InvitationId(2))] == [1]
    async with shelf.strange() as tx:
        await tx.invitations.replace_digest(one.id, b"stolen")
        assert await tx.invitations.find(one.id) is await tx.invitations.find_pending(one.email, at_us) is None
    async with shelf.system() as tx:
        found = [await tx.invitations.find_by_token(digest) for digest in (b"first", b"second", b"stolen")]
        assert found == [None, one, None]


async def test_whoever_leaves_takes_invitations_of_one_organisation_along(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.invitations.create(invitation(shelf, 1, "grace@example.org"), b"first")
    async with shelf.strange() as tx:
        assert await tx.invitations.withdraw("grace@example.org", ["ada"], 2) == 0
    async with shelf.own() as tx:
        assert await tx.invitations.withdraw("GRACE@example.org", [], 2) == 1
        assert await tx.invitations.find_pending("grace@example.org", 3) is None


async def test_mail_waits_its_turn_and_signing_keys_retire(shelf: Shelf) -> None:
    mails = [
        QueuedMail(id=MailId(n), org_id=shelf.acme, sealed=b"s", created_us=1, expires_us=999, due_us=due_us, attempts=0)
        for n, due_us in ((1, 50), (2, 40))
    ]
    async with shelf.own() as tx:
        for mail in mails:
            await tx.mail.add(mail)
    async with shelf.system() as tx:
        assert await tx.mail.due(50, 10) == mails[::-1]
        await tx.mail.postpone(MailId(2), 60)
        assert await tx.mail.due(59, 10) == mails[:1]
        assert [(one.id, one.attempts) for one in await tx.mail.due(60, 10)] == [(1, 0), (2, 1)]
        await tx.mail.delete(MailId(1))
        assert [one.id for one in await tx.mail.due(60, 1)] == [2]
        await tx.signing_keys.create(SigningKey(kid="old", public=b"p", sealed=b"s", created_us=1))
        await tx.signing_keys.retire(50)
        await tx.signing_keys.create(SigningKey(kid="new", public=b"p", sealed=b"s", created_us=2))
        await tx.signing_keys.retire(60)
        await tx.signing_keys.drop_retired(60)
        assert [(one.kid, one.retired_us) for one in await tx.signing_keys.list()] == [("new", 60)]
