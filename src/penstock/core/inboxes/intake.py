"""Receives what providers of SMS and the listener for mails report: messages and the states of sent ones.

A caller acknowledges to its provider after these calls return, that is, after the commit. A provider that gets no acknowledgement
delivers again, which has no effect: an inbound message is unique by its account and the provider's id of it.
"""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import Database
from penstock.core.inboxes.events import RECEIVED, MessageReceived
from penstock.core.inboxes.models import (
    AccountRef,
    Address,
    Content,
    DeliveryReport,
    Direction,
    IncomingMail,
    IncomingSms,
    Message,
    Part,
    Status,
)
from penstock.core.inboxes.ports import Arrivals, Boxes, Extractor
from penstock.core.inboxes.sealing import seal
from penstock.core.inboxes.states import record_state, state_of_parts
from penstock.core.inboxes.store import HasSystemInboxes, InboxTransaction
from penstock.core.vault.keyring import Box
from penstock.kit.clock import Clock
from penstock.kit.ids import IdSource, InboxMessageId, Prefix, encode

MAX_ERROR = 200
"""Characters of a provider's reason that are kept."""
MAX_BODY = 256 * 1024
"""Characters of a text that are kept."""


class _Incoming(msgspec.Struct, frozen=True):
    source: int
    provider_id: str
    sender: str
    content: Content
    received_us: int


class Intake:
    """Implements `SmsIntake` and `MailIntake`."""

    def __init__(
        self,
        *,
        database: Database[InboxTransaction, HasSystemInboxes],
        boxes: Boxes,
        extractor: Extractor,
        arrivals: Arrivals,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._boxes = boxes
        self._extractor = extractor
        self._arrivals = arrivals
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def received(self, account: AccountRef, sms: IncomingSms) -> InboxMessageId | None:
        """Store an SMS, and return when it is committed. See `SmsIntake`."""
        # A provider can cut a character in two; half of one cannot be stored.
        text = sms.text[:MAX_BODY].encode("utf-8", "replace").decode()
        found = self._extractor.extract(text)
        content = Content(body=text, code=found.code, links=found.links)
        incoming = _Incoming(account.id, sms.provider_id, sms.sender, content, sms.received_us)
        box = await self._boxes.box(account.org_id)
        async with self._database.transaction(account.org_id) as tx:
            known = await tx.inbox_messages.find_received(account.id, sms.provider_id)
            if known is not None:
                return known
            address = await tx.inbox_addresses.find_value(sms.recipient)
            if address is None or address.released_us is not None or address.account_id != account.id:
                return None
            made = await self._store(tx, box, address, incoming)
        self._arrivals.arrived(account.org_id, address.id)
        return made

    async def accepts(self, alias: str) -> bool:
        """Whether an alias is in use."""
        return await self._alias(alias) is not None

    async def received_mail(self, alias: str, mail: IncomingMail) -> InboxMessageId | None:
        """Store a mail, and return when it is committed. See `MailIntake`."""
        found = await self._alias(alias)
        if found is None:
            return None
        content = msgspec.structs.replace(mail.content, body=mail.content.body[:MAX_BODY])
        incoming = _Incoming(found.id, mail.provider_id, mail.sender, content, mail.received_us)
        box = await self._boxes.box(found.org_id)
        async with self._database.transaction(found.org_id) as tx:
            known = await tx.inbox_messages.find_received(found.id, mail.provider_id)
            if known is not None:
                return known
            address = await tx.inbox_addresses.find(found.id)
            if address is None or address.released_us is not None:
                return None
            made = await self._store(tx, box, address, incoming)
        self._arrivals.arrived(found.org_id, found.id)
        return made

    async def reported(self, account: AccountRef, report: DeliveryReport) -> None:
        """Record the state of a submitted SMS, and return when it is committed. See `SmsIntake`."""
        async with self._database.transaction(account.org_id) as tx:
            before = await tx.inbox_messages.find_part(account.id, report.provider_id)
            part = Part(
                account_id=account.id,
                provider_id=report.provider_id,
                message_id=before.message_id if before else None,
                status=report.status,
                error=report.error[:MAX_ERROR],
                at_us=report.at_us,
            )
            if before is not None and not _is_later(before, part):
                return
            # Without a message it is kept: the provider was faster than the commit of its answer.
            await tx.inbox_messages.put_part(part)
            if part.message_id is not None:
                await self._settle(tx, part.message_id)

    async def _settle(self, tx: InboxTransaction, message_id: InboxMessageId) -> None:
        stored = await tx.inbox_messages.find(message_id)
        if stored is not None:
            status, error = state_of_parts(await tx.inbox_messages.parts(message_id))
            await record_state(tx, stored.message, status, error, self._clock.now_us())

    async def _alias(self, alias: str) -> Address | None:
        async with self._database.system_snapshot() as tx:
            return await tx.inboxes.find_alias(alias.lower())

    async def _store(self, tx: InboxTransaction, box: Box, address: Address, incoming: _Incoming) -> InboxMessageId:
        # Made in the transaction: ids are in the order of commits, so that a caller that waits after one misses none.
        message_id, now_us = self._ids.next(InboxMessageId), self._clock.now_us()
        message = Message(
            id=message_id,
            org_id=address.org_id,
            address_id=address.id,
            number=address.value,
            channel=address.channel,
            direction=Direction.INBOUND,
            status=Status.RECEIVED,
            sender=incoming.sender[:320],
            recipient=address.value,
            account_id=address.account_id,
            source=incoming.source,
            provider_id=incoming.provider_id,
            at_us=incoming.received_us,
            updated_us=now_us,
        )
        await self._boxes.confirm(address.org_id, box.version)
        await tx.inbox_messages.add(message, seal(box, message_id, incoming.content))
        event = MessageReceived(message_id=message_id, address_id=address.id, at_us=incoming.received_us)
        await tx.outbox.add(RECEIVED[address.channel], message_id, event)
        action = f"{address.channel.value}.message.receive"
        await self._trail.record(tx, Actor.system(address.org_id), action, message_target(message), number=address.value)
        return message_id


def message_target(message: Message) -> Target:
    """The message as the target of an audit entry."""
    return Target("message", encode(Prefix.INBOX_MESSAGE, message.id), message.number)


def _is_later(before: Part, part: Part) -> bool:
    """Whether a report is newer than what is known: a final state stays."""
    return before.status not in (Status.DELIVERED, Status.FAILED) and part.status is not before.status
