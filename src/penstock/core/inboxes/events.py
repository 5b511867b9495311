"""Events of inboxes. They have ids only: no text of a message is in the outbox, and rules do not see it."""

from __future__ import annotations

import msgspec

from penstock.core.inboxes.models import Channel, Status
from penstock.kit.ids import InboxAddressId, InboxMessageId

INBOUND = "sms.inbound"
DELIVERY_STATUS = "sms.delivery_status"
MAIL_INBOUND = "mail.inbound"
RECEIVED = {Channel.SMS: INBOUND, Channel.MAIL: MAIL_INBOUND}
"""The topics of received messages."""
REPORTED = frozenset({Status.SENT, Status.DELIVERED, Status.FAILED, Status.UNKNOWN})
"""The states that cause an event."""


class MessageReceived(msgspec.Struct, frozen=True, kw_only=True):
    """An address received a message."""

    message_id: InboxMessageId
    address_id: InboxAddressId
    at_us: int


class StatusChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The state of an SMS that was sent changed. `error` is the provider's reason if it failed."""

    message_id: InboxMessageId
    address_id: InboxAddressId
    status: Status
    error: str
    at_us: int
