"""Mails: sealed where they wait, with a link or a token, and headers that nobody else writes."""

from __future__ import annotations

import ast
import inspect
import re

import msgspec
import pytest

from penstock.core.people.mail import MailComposer
from penstock.core.people.models import VISITOR, Enclosure, Invitation, Role
from penstock.kit.clock import HOUR_US
from penstock.kit.ids import IdSource, InvitationId
from tests.core.people.house import House
from tests.house.tree import SRC, parsed


async def test_a_name_with_a_line_break_makes_no_header(house: House) -> None:
    await house.people.members.set_settings(house.root, name="Acme\r\nBcc: eve@example.org", require_mfa=None)
    await house.people.invitations.create(house.root, "grace@example.org", Role.VIEWER)
    async with house.control.database.transaction(house.acme) as tx:
        await house.people.post.notify(tx, house.acme, "ada@example.org", "Frost\nin the  cellar", "x", 1)
    subjects = {mail.subject for mail in await house.mails()}
    assert subjects == {'Invitation to "Acme Bcc: eve@example org"', "Frost in the cellar"}


async def test_what_waits_shows_nothing_and_opens_under_its_own_pepper_alone(house: House) -> None:
    await house.people.invitations.create(house.root, "grace@example.org", Role.VIEWER)
    async with house.control.database.system_snapshot() as tx:
        (mail,) = await tx.mail.due(house.clock.us, 10)
    assert b"pin_" not in mail.sealed
    assert b"grace" not in mail.sealed
    assert house.people.post.opened(mail).to == "grace@example.org"
    changed = msgspec.structs.replace(mail, sealed=mail.sealed[:-1] + bytes([mail.sealed[-1] ^ 1]))
    with pytest.raises(ValueError):  # noqa: PT011  (any value error is one)
        house.people.post.opened(changed)


@pytest.mark.parametrize(
    ("app_url", "how"),
    [
        ("https://app.example.org/", "https://app.example.org/reset-password#token=prw_1"),
        ("", "Use this token with POST /api/v2/auth/password/reset:\nprw_1"),
    ],
)
async def test_a_token_is_in_the_fragment_of_a_link_or_stands_alone(app_url: str, how: str, house: House) -> None:
    post = MailComposer(box=house.people.box, ids=IdSource(house.clock.now_us), clock=house.clock, app_url=app_url)
    async with house.control.database.transaction(house.acme) as tx:
        await post.reset(tx, house.acme, "ada@example.org", "prw_1", house.clock.us + HOUR_US)
    (mail,) = await house.mails()
    assert how in mail.text
    assert "until 2026-05-02T13:00:00Z" in mail.text


HOSTILE = (
    "Your account is blocked\r\nBcc: eve@example.org\x1b[2J \u202ehttp://evil.example/login www.evil.example \U000e0001"
    + "x" * 900
)


async def test_no_mail_lets_a_name_speak_for_the_server(house: House) -> None:
    """Each kind of mail, found by its method, with the worst names that its callers can pass."""
    await house.people.members.set_settings(house.root, name=HOSTILE[:200], require_mfa=None)
    post = house.people.post
    kinds = {name: method for name, method in inspect.getmembers(post, inspect.iscoroutinefunction) if not name.startswith("_")}
    by_key = invitation(house, HOSTILE, "key_0000000000001")
    async with house.control.database.transaction(house.acme) as tx:
        given: dict[str, object] = {
            "tx": tx,
            "org_id": house.acme,
            "email": "grace@example.org",
            "token": "t0k3n",
            "expires_us": 1,
            "invitation": by_key,
            "letter": (HOSTILE, HOSTILE),
            "encloses": Enclosure(kind="invoice", number=1),
            "what": "Your password was changed.",
        }
        for kind in kinds.values():
            await kind(**{name: given.get(name, HOSTILE) for name in inspect.signature(kind).parameters})
        await post.invite(tx, invitation(house, VISITOR, ""), HOSTILE, "t0k3n")
    mails = await house.mails()
    assert len(mails) == len(kinds) + 1 >= 5
    for mail in mails:
        assert len(mail.subject) <= 200, mail.subject
        assert mail.subject.isprintable(), mail.subject
        assert all(one.isprintable() or one in "\n\t" for one in mail.text), mail.text
        ours = mail.subject.startswith(("Invitation", "Confirm", "Reset", "Your account changed"))
        assert ours or "Sent by Penstock for an organisation" in mail.text
        assert not ours or not LINK.search(mail.subject + mail.text), mail.text


def test_changes_of_an_account_are_told_in_our_own_words() -> None:
    calls = [
        call
        for path in (SRC / "core").rglob("*.py")
        for call in ast.walk(parsed(path))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "notify_change"
    ]
    assert len(calls) >= 4
    assert [ast.unparse(call) for call in calls if not isinstance(call.args[3], ast.Constant)] == []


LINK = re.compile(r"://|www\.|evil\.example")


def invitation(house: House, invited_by: str, created_by: str) -> Invitation:
    return Invitation(
        id=InvitationId(1),
        org_id=house.acme,
        email="grace@example.org",
        role=Role.OWNER,
        invited_by=invited_by,
        created_us=0,
        sent_us=0,
        expires_us=1,
        created_by=created_by,
    )
