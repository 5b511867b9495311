"""Use cases on messages: list, read, wait for the next one.

A caller that is shown the text of a received message is recorded: `sms.message.read`, committed before the response.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.inboxes.access import get_address, get_value, reach_of, renewed
from penstock.core.inboxes.errors import AddressNotFound, InboxMessageNotFound
from penstock.core.inboxes.intake import message_target
from penstock.core.inboxes.models import Address, Channel, Direction, MessageFilter, OpenMessage, StoredMessage
from penstock.core.inboxes.ports import Boxes
from penstock.core.inboxes.sealing import opened
from penstock.core.inboxes.store import InboxTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import MAX_ID, InboxAddressId, InboxMessageId, Prefix, decode, encode
from penstock.kit.paging import Page, decode_cursor, page_of

Opened = list[OpenMessage]


class Position(msgspec.Struct, frozen=True):
    """A place in the messages of an address: after this one."""

    address_id: InboxAddressId
    after: InboxMessageId


class MessageService:
    """Messages of an organisation, of the addresses that the caller can access."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[InboxTransaction],
        boxes: Boxes,
        trail: AuditTrail,
        clock: Clock,
    ) -> None:
        self._database = database
        self._boxes = boxes
        self._trail = trail
        self._clock = clock

    async def list(self, actor: Actor, filters: MessageFilter, limit: int, cursor: str | None) -> Page[OpenMessage]:
        """Return a page of messages, newest first.

        Raises:
            AddressNotFound: the filter names an address that the caller cannot access.
        """
        before = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            filters = await self._by_address(tx, actor, filters)
            reach, before_id = await reach_of(tx, actor), before[0] if before else MAX_ID
            found = await tx.inbox_messages.list(filters, reach, limit + 1, before_id)
        page = page_of(found, limit, lambda last: (last.message.id,))
        shown = await self._shown(actor, page.items)
        return Page(items=shown, next_cursor=page.next_cursor)

    async def get(self, actor: Actor, message_id: InboxMessageId) -> OpenMessage:
        """Return a message.

        Raises:
            InboxMessageNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            found = await _get(tx, actor, message_id)
        return (await self._shown(actor, [found]))[0]

    async def mark_read(self, actor: Actor, message_id: InboxMessageId) -> OpenMessage:
        """Mark a received message as read. A message that is already stays so; of sent ones nothing is noted.

        Raises:
            InboxMessageNotFound.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, actor, message_id)
            if found.message.read_us is None and found.message.direction is Direction.INBOUND:
                found = StoredMessage(msgspec.structs.replace(found.message, read_us=now_us, updated_us=now_us), found.sealed)
                await tx.inbox_messages.update(found.message)
            await self._record(tx, actor, [found], marked=True)
        return (await opened(self._boxes, actor.org_id, [found]))[0]

    async def begin(self, actor: Actor, value: str, after: InboxMessageId | None, channel: Channel | None = None) -> Position:
        """Where a caller starts to wait for the next message of an address: after a message, or else now.

        `value` is the id or the value of the address, which must be of `channel` if that is set.

        Raises:
            AddressNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            address = await _find(tx, actor, value)
            if channel not in (None, address.channel):
                raise AddressNotFound(address=value[:64])
            # The order of ids is that of commits, so none that is committed from here on has an id below.
            return Position(address.id, await tx.inbox_messages.last_id() if after is None else after)

    async def find_next(self, actor: Actor, position: Position) -> OpenMessage | None:
        """Return the first message that an address received after a position, if there is one.

        Raises:
            AddressNotFound, ScopeMissing, CredentialInvalid: the caller can access it no more.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            actor = await renewed(tx, actor)
            await get_address(tx, actor, position.address_id)
            found = await tx.inbox_messages.next_inbound(position.address_id, position.after)
        return None if found is None else (await self._shown(actor, [found]))[0]

    async def _by_address(self, tx: InboxTransaction, actor: Actor, filters: MessageFilter) -> MessageFilter:
        if filters.address_id is not None:
            await get_address(tx, actor, filters.address_id)
            return filters
        if filters.number is None:
            return filters
        address = await get_value(tx, actor, filters.number)
        return msgspec.structs.replace(filters, address_id=address.id, number=None)

    async def _shown(self, actor: Actor, found: Sequence[StoredMessage]) -> Opened:
        shown = await opened(self._boxes, actor.org_id, found)
        received = [one for one in found if one.message.direction is Direction.INBOUND]
        if received:
            async with self._database.transaction(actor.org_id) as tx:
                await self._record(tx, actor, received)
        return shown

    async def _record(
        self, tx: InboxTransaction, actor: Actor, found: Sequence[StoredMessage], *, marked: bool | None = None
    ) -> None:
        """Record who was shown messages: one entry, however many there are."""
        first = found[0].message
        ids = [encode(Prefix.INBOX_MESSAGE, one.message.id) for one in found]
        target = message_target(first) if len(found) == 1 else Target("messages", "", first.number if _is_of_one(found) else "")
        messages = ids if len(found) > 1 else None
        await self._trail.record(tx, actor, f"{_channel(found)}.message.read", target, marked=marked, messages=messages)


def _is_of_one(found: Sequence[StoredMessage]) -> bool:
    return len({one.message.address_id for one in found}) == 1


def _channel(found: Sequence[StoredMessage]) -> str:
    return (Channel.SMS if any(one.message.channel is Channel.SMS for one in found) else Channel.MAIL).value


async def _get(tx: InboxTransaction, actor: Actor, message_id: InboxMessageId) -> StoredMessage:
    found = await tx.inbox_messages.find(message_id, await reach_of(tx, actor))
    if found is None:
        raise InboxMessageNotFound(message_id=encode(Prefix.INBOX_MESSAGE, message_id))
    return found


async def _find(tx: InboxTransaction, actor: Actor, value: str) -> Address:
    address_id = decode(Prefix.INBOX_ADDRESS, value)
    return await (get_value(tx, actor, value) if address_id is None else get_address(tx, actor, address_id))
