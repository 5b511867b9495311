"""Stores of inboxes: what one organisation has, another does not see; and a row that is damaged by hand is noticed."""

from __future__ import annotations

import pytest

from penstock.core.inboxes.errors import AddressExists
from penstock.core.inboxes.models import (
    Address,
    AddressGrant,
    Channel,
    Direction,
    Message,
    MessageFilter,
    Part,
    Status,
    Subject,
    SubjectKind,
)
from penstock.core.vault.models import Sealed
from penstock.kit.clock import DAY_US
from penstock.kit.ids import InboxAddressId, InboxMessageId, SmsAccountId, first_id_at
from tests.support.shelf import Shelf

SEALED = Sealed(1, b"key", b"content")
MAX = 2**63 - 1


def address(shelf: Shelf, number: int = 1, value: str = "+447700900123", **about: object) -> Address:
    wanted = {"channel": Channel.SMS, "created_us": 1, "updated_us": 1} | about
    return Address(id=InboxAddressId(number), org_id=shelf.acme, value=value, **wanted)  # type: ignore[arg-type]


def message(shelf: Shelf, number: int, **about: object) -> Message:
    wanted = {
        "id": InboxMessageId(number),
        "org_id": shelf.acme,
        "address_id": InboxAddressId(1),
        "number": "+447700900123",
        "channel": Channel.SMS,
        "direction": Direction.OUTBOUND,
        "status": Status.QUEUED,
        "sender": "a",
        "recipient": "b",
        "at_us": 1,
        "updated_us": 1,
        "due_us": 1,
    }
    return Message(**wanted | about)  # type: ignore[arg-type]


async def test_organisations_do_not_see_one_another(shelf: Shelf) -> None:
    subject = Subject(SubjectKind.USER, 5)
    async with shelf.own() as tx:
        await tx.inbox_addresses.create(address(shelf, for_notifications=True))
        await tx.inbox_messages.add(message(shelf, 7, job="job", source=3, provider_id="p"), SEALED)
        await tx.inbox_addresses.grant(AddressGrant(address_id=InboxAddressId(1), subject=subject, created_by="x", created_us=1))
        part = Part(account_id=SmsAccountId(3), provider_id="q", message_id=InboxMessageId(7), status=Status.SENT, at_us=1)
        await tx.inbox_messages.put_part(part)
    async with shelf.strange() as tx:
        addresses, messages = tx.inbox_addresses, tx.inbox_messages
        assert await addresses.find(InboxAddressId(1)) is None
        assert await addresses.find_value("+447700900123") is None
        assert await addresses.for_notifications() is None
        assert (await addresses.count(), await addresses.count_grants(InboxAddressId(1))) == (0, 0)
        assert list(await addresses.list(None, None, 10, MAX, released=True)) == []
        assert list(await addresses.grants(InboxAddressId(1))) == []
        assert not await addresses.revoke(InboxAddressId(1), subject)
        assert await messages.find(InboxMessageId(7)) is None
        assert await messages.find_received(3, "p") is None
        assert await messages.find_job("job") is None
        assert list(await messages.list(MessageFilter(), None, 10, MAX)) == []
        assert list(await messages.list(MessageFilter(address_id=InboxAddressId(1)), None, 10, MAX)) == []
        assert (await messages.last_id(), await messages.count_queued()) == (0, 0)
        assert await messages.claim(InboxMessageId(7), 2) is None
        assert (list(await messages.parts(InboxMessageId(7))), await messages.find_part(SmsAccountId(3), "q")) == ([], None)
        # The same id of a provider belongs to the account, and so to its organisation.
        await messages.put_part(Part(account_id=SmsAccountId(3), provider_id="q", message_id=None, status=Status.FAILED, at_us=9))
    async with shelf.own() as tx:
        assert await tx.inbox_messages.find_part(SmsAccountId(3), "q") == part
        assert [one.message.id for one in await tx.inbox_messages.list(MessageFilter(), (subject,), 10, MAX)] == [7]
        assert list(await tx.inbox_messages.list(MessageFilter(), (), 10, MAX)) == []


async def test_an_address_is_there_once(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.inbox_addresses.create(address(shelf))
    with pytest.raises(AddressExists):
        async with shelf.own() as tx:
            await tx.inbox_addresses.create(address(shelf, 2))
    async with shelf.strange() as tx:
        await tx.inbox_addresses.create(address(shelf, 3))
        await tx.inbox_addresses.create(address(shelf, 4, "ci", channel=Channel.MAIL))
    with pytest.raises(AddressExists):
        async with shelf.own() as tx:
            await tx.inbox_addresses.create(address(shelf, 5, "ci", channel=Channel.MAIL))
    async with shelf.system() as system:
        found = await system.inboxes.find_alias("ci")
        assert found is not None
        assert (found.id, found.org_id) == (4, shelf.other)


async def test_the_next_of_each_number_is_due(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.inbox_addresses.create(address(shelf))
        await tx.inbox_addresses.create(address(shelf, 2, "+447700900124"))
        await tx.inbox_messages.add(message(shelf, 10, due_us=50), SEALED)
        await tx.inbox_messages.add(message(shelf, 11, due_us=5), SEALED)
        await tx.inbox_messages.add(message(shelf, 12, due_us=6, address_id=InboxAddressId(2)), SEALED)

    async def due(now_us: int) -> list[int]:
        async with shelf.system() as system:
            return [one.id for one in await system.inboxes.due(now_us, 10)]

    assert (await due(5), await due(10), await due(50)) == ([], [12], [10, 12])
    async with shelf.system() as system:
        assert await system.inboxes.next_due_us() == 6
    async with shelf.own() as tx:
        claimed = await tx.inbox_messages.claim(InboxMessageId(10), 60)
        assert claimed is not None
        assert (claimed.message.status, claimed.message.attempts, claimed.sealed) == (Status.SENDING, 1, SEALED)
        assert await tx.inbox_messages.claim(InboxMessageId(10), 60) is None
    assert await due(60) == [12]
    async with shelf.system() as system:
        assert await system.inboxes.interrupted(10) == [(shelf.acme, 10)]


async def test_old_messages_go_and_those_that_wait_stay(shelf: Shelf) -> None:
    old, new = first_id_at(20_600 * DAY_US), first_id_at(20_601 * DAY_US)
    async with shelf.own() as tx:
        await tx.inbox_addresses.create(address(shelf))
        for number, status in ((old, Status.SENT), (old + 1, Status.QUEUED), (new, Status.SENT)):
            await tx.inbox_messages.add(message(shelf, number, status=status), SEALED)
        for name, number in (("p", InboxMessageId(old)), ("q", None)):
            await tx.inbox_messages.put_part(
                Part(account_id=SmsAccountId(3), provider_id=name, message_id=number, status=Status.SENT, at_us=5)
            )
    async with shelf.system() as system:
        assert await system.inboxes.drop_before(20_601 * DAY_US, 10) == 1
        await system.inboxes.drop_unclaimed(5)
    async with shelf.own() as tx:
        assert [one.message.id for one in await tx.inbox_messages.list(MessageFilter(), None, 10, MAX)] == [new, old + 1]
        assert await tx.inbox_messages.find_part(SmsAccountId(3), "p") is None
        assert await tx.inbox_messages.find_part(SmsAccountId(3), "q") is not None
    async with shelf.system() as system:
        await system.inboxes.drop_unclaimed(6)
    async with shelf.own() as tx:
        assert await tx.inbox_messages.find_part(SmsAccountId(3), "q") is None
