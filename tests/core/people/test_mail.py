"""Mails: sealed where they wait, with a link or a token, and headers that nobody else writes."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.people.mail import MailComposer
from penstock.core.people.models import Role
from penstock.kit.clock import HOUR_US
from penstock.kit.ids import IdSource
from tests.core.people.house import House


async def test_a_name_with_a_line_break_makes_no_header(house: House) -> None:
    await house.people.members.set_settings(house.root, name="Acme\r\nBcc: eve@example.org", require_mfa=None)
    await house.people.invitations.create(house.root, "grace@example.org", Role.VIEWER)
    async with house.control.database.transaction(house.acme) as tx:
        await house.people.post.notify(tx, house.acme, "ada@example.org", "Frost\nin the  cellar", "x", 1)
    subjects = {mail.subject for mail in await house.mails()}
    assert subjects == {"Invitation to Acme Bcc: eve@example.org", "Frost in the cellar"}


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
