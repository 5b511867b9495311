"""What providers report is stored once, encrypted, before it is acknowledged."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from penstock.core.inboxes.models import (
    AccountRef,
    Channel,
    Content,
    DeliveryReport,
    IncomingMail,
    MessageFilter,
    NewAddress,
    Status,
)
from penstock.kit.ids import SmsAccountId
from tests.support.inboxes import ACCOUNT, NUMBER, PEER, InboxSite, open_inboxes


def report(site: InboxSite, provider_id: str, status: Status, error: str = "") -> DeliveryReport:
    return DeliveryReport(provider_id=provider_id, status=status, error=error, at_us=site.server.clock.now_us())


async def test_a_repeated_sms_is_one_message_with_one_event(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        ids = {await site.receive("Your code is 481902", "a") for _ in range(3)}
        other = await site.receive("Your code is 481902", "b")
        found = await site.messages()
        assert [one.message.id for one in found] == [other, *ids]
        assert found[0].content == Content(body="Your code is 481902", code="481902")
        assert (found[0].message.sender, found[0].message.number, found[0].message.status) == (PEER, NUMBER, Status.RECEIVED)
        async with site.server.database.system_snapshot() as tx:
            topics = [one.topic for one in await tx.outbox.next(100)]
        assert topics.count("sms.inbound") == 2


@pytest.mark.parametrize("reason", ["unknown", "released", "another account"])
async def test_an_sms_for_no_number_of_the_account_is_not_stored(tmp_path: Path, reason: str) -> None:
    async with open_inboxes(tmp_path) as site:
        if reason != "unknown":
            address = await site.add_number(account=SmsAccountId(5) if reason == "another account" else ACCOUNT)
            if reason == "released":
                await site.inboxes.addresses.release(site.actor, address.id)
        assert await site.receive("x", "a") is None
        assert await site.messages() == []


async def inbound_with_repeats(site: InboxSite, count: int) -> None:
    """So many SMS of which 30 % are delivered again, several at a time, in any order: each is stored exactly once."""
    chance = random.Random(20_260_502)
    sent = [f"p{number}" for number in range(count)]
    sent += chance.sample(sent, count * 3 // 10)
    chance.shuffle(sent)
    for start in range(0, len(sent), 50):
        await asyncio.gather(*(site.receive(f"text {one}", one) for one in sent[start : start + 50]))
    found, cursor = 0, None
    while True:
        page = await site.inboxes.messages.list(site.actor, MessageFilter(), 1_000, cursor)
        found, cursor = found + len(page.items), page.next_cursor
        if cursor is None:
            break
    assert found == count


async def test_repeated_inbound_is_counted_once(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        await inbound_with_repeats(site, 100)


@pytest.mark.prove
async def test_ten_thousand_inbound_with_repeats(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        await inbound_with_repeats(site, 10_000)


async def test_states_of_parts_only_advance(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        account, intake = AccountRef(site.actor.org_id, ACCOUNT), site.inboxes.intake
        sent = await site.send()
        await site.pass_on()
        assert await site.state(sent) == (Status.SENT, "")
        await intake.reported(account, report(site, f"p{sent}", Status.DELIVERED))
        assert await site.state(sent) == (Status.DELIVERED, "")
        await intake.reported(account, report(site, f"p{sent}", Status.FAILED, "30003"))
        assert await site.state(sent) == (Status.DELIVERED, "")
        await intake.reported(AccountRef(site.actor.org_id, SmsAccountId(9)), report(site, f"p{sent}", Status.FAILED))
        assert await site.state(sent) == (Status.DELIVERED, "")


async def test_a_report_before_the_providers_answer_counts(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        sent = await site.send()
        await site.inboxes.intake.reported(
            AccountRef(site.actor.org_id, ACCOUNT), report(site, f"p{sent}", Status.FAILED, "30003")
        )
        await site.pass_on()
        assert await site.state(sent) == (Status.FAILED, "30003")


async def test_a_mail_for_an_alias(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        intake = site.inboxes.intake
        await site.inboxes.addresses.create(site.actor, NewAddress(channel=Channel.MAIL, value="ci"))
        content = Content(body="Open the link", subject="Welcome", links=("https://example.org/x",))
        mail = IncomingMail(provider_id="<1@x>", sender="a@example.org", content=content, received_us=1)
        first = await intake.received_mail("CI", mail)
        assert first == await intake.received_mail("ci", mail)
        assert await intake.received_mail("nothing", mail) is None
        assert (await intake.accepts("Ci"), await intake.accepts("nothing")) == (True, False)
        assert [one.content for one in await site.messages(channel=Channel.MAIL)] == [content]
