"""The text of a message, its code and the payload of its webhook are nowhere in the data directory or the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.inboxes.models import Channel, Content, IncomingMail, NewAddress
from tests.security.test_secrets_at_rest import search
from tests.support.inboxes import open_inboxes
from tests.support.receivers import receiving, saying
from tests.support.webhooks import HookSite

IN, CODE, OUT, MAIL = "Received words of the inbox", "K7QX9ZPM", "Sent words of the inbox", "Mailed words of the inbox"


async def test_nothing_is_in_the_clear(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with receiving() as receiver, open_inboxes(tmp_path) as site:
        receiver.answer = lambda delivery: saying(500, body=delivery.body)
        hooks = HookSite(site.server, site.actor.org_id)
        await hooks.subscribe(receiver.url(), "*")
        await hooks.subscribe(receiver.url(), "sms.*", format="kaito")
        await site.add_number(for_notifications=True)
        await site.inboxes.addresses.create(site.actor, NewAddress(channel=Channel.MAIL, value="ci"))
        first = await site.receive(f"{IN} {CODE}", "a")
        content = Content(body=MAIL, subject=MAIL, code=CODE)
        mail = IncomingMail(provider_id="b", sender="a@example.org", content=content, received_us=1)
        await site.inboxes.intake.received_mail("ci", mail)
        await site.send(OUT)
        await site.server.parts.notifications.sms.send(site.actor.org_id, None, "job", ["+447700900456"], OUT)
        await site.pass_on()
        assert first is not None
        await site.inboxes.messages.mark_read(site.actor, first)
        assert {one.content and one.content.body for one in await site.messages()} == {f"{IN} {CODE}", MAIL, OUT}
        await hooks.match()
        await hooks.deliver()
        assert any(IN.encode() in one.body for one in receiver.delivered)
        assert search(tmp_path / "data", [IN, CODE, OUT, MAIL]) == []
    assert search(tmp_path / "data", [IN, CODE, OUT, MAIL]) == []
    printed = capsys.readouterr()
    assert not any(text in printed.out + printed.err for text in (IN, CODE, OUT, MAIL))
