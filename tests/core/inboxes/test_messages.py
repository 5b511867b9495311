"""Messages are listed by filters and pages, and who was shown a received one is in the audit log."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.audit.models import AuditEntry, AuditFilter
from penstock.core.inboxes.models import Direction, MessageFilter, Status
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import Prefix, encode
from tests.support.days import HeldClock
from tests.support.inboxes import NUMBER, OTHER, InboxSite, open_inboxes


async def audited(site: InboxSite, action: str) -> list[AuditEntry]:
    found = await site.server.parts.audit.list(site.actor, AuditFilter(action=action), 100, None)
    return found.items[::-1]


async def test_filters_and_pages(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_inboxes(tmp_path, clock) as site:
        mine, _ = await site.add_number(NUMBER), await site.add_number(OTHER)
        ids = []
        for number in range(4):
            clock.us += SECOND_US
            where, sender = (NUMBER, "+491") if number % 2 else (OTHER, "Shop")
            ids.append(await site.receive(f"text {number}", f"p{number}", where, sender))
        sent = await site.send()

        async def found(**filters: object) -> list[int]:
            return [one.message.id for one in await site.messages(**filters)]

        assert await found() == [sent, *ids[::-1]]
        assert await found(address_id=mine.id) == await found(number=NUMBER) == [sent, ids[3], ids[1]]
        assert await found(direction=Direction.INBOUND) == ids[::-1]
        assert await found(status=Status.QUEUED) == [sent]
        assert await found(sender="Shop") == [ids[2], ids[0]]
        assert await found(since_us=clock.us, direction=Direction.INBOUND) == [ids[3]]
        assert await found(number=NUMBER, until_us=clock.us) == [ids[1]]
        await site.inboxes.messages.mark_read(site.actor, ids[3])  # type: ignore[arg-type]
        assert await found(number=NUMBER, unread_only=True) == [ids[1]]
        first = await site.inboxes.messages.list(site.actor, MessageFilter(), 3, None)
        rest = await site.inboxes.messages.list(site.actor, MessageFilter(), 3, first.next_cursor)
        assert [one.message.id for one in [*first.items, *rest.items]] == [sent, *ids[::-1]]
        assert rest.next_cursor is None


async def test_reading_is_recorded_and_sent_messages_are_not(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        first, second = await site.receive("one", "a"), await site.receive("two", "b")
        sent = await site.send()
        assert first is not None
        await site.messages()
        await site.inboxes.messages.get(site.actor, first)
        await site.inboxes.messages.get(site.actor, sent)
        marked = await site.inboxes.messages.mark_read(site.actor, first)
        again = await site.inboxes.messages.mark_read(site.actor, first)
        assert marked.message.read_us == again.message.read_us is not None
        ids = [encode(Prefix.INBOX_MESSAGE, one) for one in (second, first)]  # type: ignore[arg-type]
        entries = await audited(site, "sms.message.read")
        assert [one.details.get("messages") for one in entries] == [ids, None, None, None]
        assert [one.target.id for one in entries] == ["", ids[1], ids[1], ids[1]]
        assert {one.target.name for one in entries} == {NUMBER}
        assert len(await audited(site, "sms.message.receive")) == 2
        assert len(await audited(site, "sms.message.send")) == 1
        assert "one" not in str(entries)


async def test_the_next_after_a_message(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        messages = site.inboxes.messages
        first = await site.receive("one", "a")
        position = await messages.begin(site.actor, NUMBER, None)
        assert await messages.find_next(site.actor, position) is None
        await site.send()
        second, _ = await site.receive("two", "b"), await site.receive("three", "c")
        found = await messages.find_next(site.actor, position)
        assert found is not None
        assert found.message.id == second
        earlier = await messages.find_next(
            site.actor, await messages.begin(site.actor, encode(Prefix.INBOX_ADDRESS, position.address_id), first)
        )
        assert earlier == found


@pytest.mark.parametrize("action", ["sms.number.provision", "sms.number.release"])
async def test_numbers_come_and_go_in_the_audit_log(tmp_path: Path, action: str) -> None:
    async with open_inboxes(tmp_path) as site:
        address = await site.add_number()
        await site.inboxes.addresses.release(site.actor, address.id)
        (entry,) = await audited(site, action)
        assert (entry.target.kind, entry.target.name) == ("number", NUMBER)
