"""What the events of inboxes say outside: with the text of the message, which is added when it is asked for."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.database import OrganizationDatabase
from penstock.core.inboxes.events import DELIVERY_STATUS, INBOUND, MAIL_INBOUND, MessageReceived, StatusChanged
from penstock.core.inboxes.models import Content, OpenMessage
from penstock.core.inboxes.ports import Boxes
from penstock.core.inboxes.sealing import opened
from penstock.core.inboxes.store import HasInboxes
from penstock.core.outbox import OutboxEntry
from penstock.kit.clock import format_time
from penstock.kit.ids import InboxMessageId, OrgId, Prefix, encode

_OF_SMS = frozenset({"id", "address_id", "number", "from", "body", "code", "received_at"})
SHAPES = {
    INBOUND: _OF_SMS,
    MAIL_INBOUND: _OF_SMS | {"subject", "links"},
    DELIVERY_STATUS: frozenset({"id", "address_id", "number", "to", "status", "error", "at"}),
}
"""The fields of each topic's data."""


class InboxPayloads:
    """Builds the data of events."""

    topics = frozenset(SHAPES)

    def __init__(self, database: OrganizationDatabase[HasInboxes], boxes: Boxes) -> None:
        self._database = database
        self._boxes = boxes

    async def data(self, entry: OutboxEntry) -> dict[str, Any] | None:
        """The data of an event; None if its message was deleted.

        Raises:
            SecretDamaged, KeysMissing.
            Unavailable: the master key cannot be reached; retry later.
        """
        if entry.topic == DELIVERY_STATUS:
            return await self._status(entry.org_id, msgspec.json.decode(entry.body, type=StatusChanged))
        received = msgspec.json.decode(entry.body, type=MessageReceived)
        found = await self._open(entry.org_id, received.message_id)
        return None if found is None else _received(found, is_mail=entry.topic == MAIL_INBOUND)

    async def _open(self, org_id: OrgId, message_id: InboxMessageId) -> OpenMessage | None:
        async with self._database.snapshot(org_id) as tx:
            stored = await tx.inbox_messages.find(message_id)
        return None if stored is None else (await opened(self._boxes, org_id, [stored]))[0]

    async def _status(self, org_id: OrgId, changed: StatusChanged) -> dict[str, Any] | None:
        async with self._database.snapshot(org_id) as tx:
            stored = await tx.inbox_messages.find(changed.message_id)
        if stored is None:
            return None
        message = stored.message
        return {
            "id": encode(Prefix.INBOX_MESSAGE, message.id),
            "address_id": encode(Prefix.INBOX_ADDRESS, message.address_id),
            "number": message.number,
            "to": message.recipient,
            "status": changed.status.value,
            "error": changed.error or None,
            "at": format_time(changed.at_us),
        }


def _received(found: OpenMessage, *, is_mail: bool) -> dict[str, Any]:
    message, content = found.message, found.content or Content(body="")
    data = {
        "id": encode(Prefix.INBOX_MESSAGE, message.id),
        "address_id": encode(Prefix.INBOX_ADDRESS, message.address_id),
        "number": message.number,
        "from": message.sender,
        "body": content.body,
        "received_at": format_time(message.at_us),
        "code": content.code,
    }
    return data | {"subject": content.subject, "links": list(content.links)} if is_mail else data
