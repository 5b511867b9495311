"""Events outside have the text; those in the outbox and of rules have ids alone."""

from __future__ import annotations

from pathlib import Path

from penstock.bootstrap.event_shapes import SHAPES, TRIGGERING
from penstock.core.inboxes.models import AccountRef, DeliveryReport, Status
from penstock.core.outbox import OutboxEntry
from penstock.kit.clock import format_time
from penstock.kit.ids import EntryId
from tests.support.days import HeldClock
from tests.support.inboxes import ACCOUNT, NUMBER, PEER, InboxSite, open_inboxes


async def events(site: InboxSite) -> dict[str, OutboxEntry]:
    async with site.server.database.system_snapshot() as tx:
        return {one.topic: one for one in await tx.outbox.next(100, EntryId(0))}


async def test_the_data_of_each_topic(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_inboxes(tmp_path, clock) as site:
        await site.add_number()
        await site.receive("Your code is 481902", "a")
        sent = await site.send("The door is open.")
        await site.pass_on()
        report = DeliveryReport(provider_id=f"p{sent}", status=Status.FAILED, error="30003", at_us=1)
        await site.inboxes.intake.reported(AccountRef(site.actor.org_id, ACCOUNT), report)
        found = await events(site)
        inbound = await site.inboxes.payloads.data(found["sms.inbound"])
        status = await site.inboxes.payloads.data(found["sms.delivery_status"])
        assert inbound is not None
        assert status is not None
        assert inbound.keys() == SHAPES["sms.inbound"]
        assert status.keys() == SHAPES["sms.delivery_status"]
        assert (inbound["body"], inbound["code"]) == ("Your code is 481902", "481902")
        assert (inbound["from"], inbound["number"]) == (PEER, NUMBER)
        assert inbound["received_at"] == format_time(clock.us)
        assert (status["to"], status["status"], status["error"]) == (PEER, "failed", "30003")
        for topic in ("sms.inbound", "sms.delivery_status"):
            assert not any(text in found[topic].body for text in (b"481902", b"door", PEER.encode(), NUMBER.encode()))


async def test_of_a_message_that_was_deleted_there_is_none(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        await site.receive("x", "a")
        async with site.server.database.system() as tx:
            await tx.inboxes.drop_before(2**53, 100)
        assert await site.inboxes.payloads.data((await events(site))["sms.inbound"]) is None


def test_rules_see_no_text() -> None:
    assert "sms.delivery_status" not in TRIGGERING
    for topic in ("sms.inbound", "mail.inbound"):
        assert TRIGGERING[topic] & {"body", "code", "from", "to", "number", "subject", "links"} == set()
        assert {"id", "message_id", "address_id"} <= TRIGGERING[topic]
