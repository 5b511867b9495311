"""Use cases on sending SMS: queue one, for a caller, or for an alert or rule."""

from __future__ import annotations

from typing import Protocol

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.inboxes.access import get_value
from penstock.core.inboxes.addresses import check_number
from penstock.core.inboxes.config import InboxesConfig
from penstock.core.inboxes.errors import AddressReleased, TooManyQueued
from penstock.core.inboxes.intake import message_target
from penstock.core.inboxes.models import Address, Content, Direction, Message, NewSms, Status
from penstock.core.inboxes.ports import Boxes
from penstock.core.inboxes.sealing import seal
from penstock.core.inboxes.store import InboxTransaction
from penstock.core.usage.store import HasUsage
from penstock.core.vault.keyring import Box
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import IdSource, InboxMessageId, OrgId

MAX_TEXT = 1_600
"""Maximum characters: ten parts of a long message."""


class SendTransaction(InboxTransaction, HasUsage, Protocol):
    """The transaction in which an SMS is queued."""


class SmsAllowance(Protocol):
    """What the plan allows: SMS at all, and how many per month. All SMS of an organisation share one count."""

    async def check(self, org_id: OrgId) -> None:
        """Check that the plan includes SMS.

        Raises:
            ChannelNotInPlan.
        """

    async def count(self, tx: HasUsage, org_id: OrgId, count: int, at_us: int) -> None:
        """Count SMS; a negative count takes back that of SMS that were not sent.

        Raises:
            SmsLimitReached: the month's limit would be exceeded.
        """


class Wake(Protocol):
    """Wakes the worker that sends."""

    def __call__(self) -> None:
        """An SMS was queued."""


class SendingService:
    """Queues SMS. The worker passes them to providers (`workers/sms_sending.py`)."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[SendTransaction],
        boxes: Boxes,
        allowance: SmsAllowance,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: InboxesConfig,
        wake: Wake,
    ) -> None:
        self._database = database
        self._boxes = boxes
        self._allowance = allowance
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config
        self._wake = wake

    async def send(self, actor: Actor, new: NewSms) -> Message:
        """Queue an SMS from a number that the caller can access.

        Raises:
            ChannelNotInPlan, SmsLimitReached, InvalidInput, TooManyQueued.
            AddressNotFound, AddressReleased: the sender is not such a number.
        """
        await self._allowance.check(actor.org_id)
        check_number(new.sender, "from")
        check_number(new.recipient, "to")
        if not 0 < len(new.body) <= MAX_TEXT:
            raise InvalidInput.field("body", f"must have 1 to {MAX_TEXT} characters")
        box = await self._boxes.box(actor.org_id)
        async with self._database.transaction(actor.org_id) as tx:
            address = await get_value(tx, actor, new.sender)
            if address.released_us is not None:
                raise AddressReleased(address=address.value)
            await self._allowance.count(tx, actor.org_id, 1, self._clock.now_us())
            message = await self._queue(tx, box, address, new)
            await self._trail.record(tx, actor, "sms.message.send", message_target(message), to=new.recipient)
        self._wake()
        return message

    async def send_for_job(self, org_id: OrgId, job: str, recipient: str, text: str) -> bool:
        """Queue an SMS of an alert or rule, once for each `job`. It has been counted.

        Returns False, without an SMS, if no number of the organisation is for notifications.

        Raises:
            TooManyQueued.
        """
        async with self._database.snapshot(org_id) as tx:
            if await tx.inbox_addresses.for_notifications() is None:
                return False
        box = await self._boxes.box(org_id)
        async with self._database.transaction(org_id) as tx:
            address = await tx.inbox_addresses.for_notifications()
            if address is None:
                return False
            if await tx.inbox_messages.find_job(job) is not None:
                return True
            message = await self._queue(tx, box, address, NewSms(sender=address.value, recipient=recipient, body=text), job)
            await self._trail.record(tx, Actor.system(org_id), "sms.message.send", message_target(message), to=recipient)
        self._wake()
        return True

    async def _queue(self, tx: InboxTransaction, box: Box, address: Address, new: NewSms, job: str | None = None) -> Message:
        if await tx.inbox_messages.count_queued() >= self._config.max_queued:
            raise TooManyQueued(limit=self._config.max_queued)
        message_id, now_us = self._ids.next(InboxMessageId), self._clock.now_us()
        message = Message(
            id=message_id,
            org_id=address.org_id,
            address_id=address.id,
            number=address.value,
            channel=address.channel,
            direction=Direction.OUTBOUND,
            status=Status.QUEUED,
            sender=address.value,
            recipient=new.recipient,
            account_id=address.account_id,
            job=job,
            at_us=now_us,
            updated_us=now_us,
            due_us=now_us,
        )
        await self._boxes.confirm(address.org_id, box.version)
        await tx.inbox_messages.add(message, seal(box, message_id, Content(body=new.body)))
        return message
