"""The states of SMS that are sent."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from penstock.core.inboxes.events import DELIVERY_STATUS, REPORTED, StatusChanged
from penstock.core.inboxes.models import Message, Part, Status
from penstock.core.inboxes.store import InboxTransaction

_ORDER = {
    Status.QUEUED: 0,
    Status.SENDING: 1,
    Status.UNKNOWN: 2,
    Status.SENT: 3,
    Status.DELIVERED: 4,
    Status.FAILED: 4,
}
"""A state is followed only by one of a higher rank, except that `sending` returns to `queued` if nothing was sent."""
_SHORTEST = 4
_NUMBERS = re.compile(r"(?=\w*[0-9])\w{4,}")
REPEATED = "the provider's reason repeats the text"


def state_of_parts(parts: Sequence[Part]) -> tuple[Status, str]:
    """The state of a message by that of its parts, with the provider's reason: failed if one is, delivered if all are."""
    failed = [one for one in parts if one.status is Status.FAILED]
    if failed:
        return Status.FAILED, failed[0].error
    all_delivered = bool(parts) and all(one.status is Status.DELIVERED for one in parts)
    return (Status.DELIVERED if all_delivered else Status.SENT), ""


def reason_without(text: str, reason: str) -> str:
    """A provider's reason, unless it repeats the text or a number or code in it: reasons are not stored encrypted."""
    is_repeated = len(text) >= _SHORTEST and text in reason
    return REPEATED if is_repeated or any(word in reason for word in _NUMBERS.findall(text)) else reason


async def record_state(tx: InboxTransaction, message: Message, status: Status, error: str, now_us: int) -> bool:
    """Store a later state of a message, with its event. An older state is ignored. Returns whether it changed."""
    if _ORDER[status] <= _ORDER.get(message.status, 99):
        return False
    after = msgspec.structs.replace(message, status=status, error=error, due_us=None, updated_us=now_us)
    await tx.inbox_messages.update(after)
    if status in REPORTED:
        event = StatusChanged(message_id=message.id, address_id=message.address_id, status=status, error=error, at_us=now_us)
        await tx.outbox.add(DELIVERY_STATUS, message.id, event)
    return True
