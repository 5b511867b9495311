"""Encrypts and decrypts the contents of messages."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.inboxes.models import Content, OpenMessage, StoredMessage, bond_of
from penstock.core.inboxes.ports import Boxes
from penstock.core.vault.errors import SecretShredded
from penstock.core.vault.keyring import Box, wipe, wiped
from penstock.core.vault.models import Sealed
from penstock.kit.ids import InboxMessageId, OrgId


def seal(box: Box, message_id: InboxMessageId, content: Content) -> Sealed:
    """Encrypt the content of a message."""
    with wiped(bytearray(msgspec.json.encode(content))) as plain:
        return box.seal(plain, bond_of(message_id))


def unseal(box: Box, stored: StoredMessage) -> OpenMessage:
    """Decrypt a message. Without content, if the organisation's key was destroyed.

    Raises:
        SecretDamaged, KeysMissing.
    """
    try:
        plain = box.open(stored.sealed, stored.message.bond)
    except SecretShredded:
        return OpenMessage(stored.message, None)
    try:
        return OpenMessage(stored.message, msgspec.json.decode(plain, type=Content))
    finally:
        wipe(plain)


async def opened(boxes: Boxes, org_id: OrgId, stored: Sequence[StoredMessage]) -> list[OpenMessage]:
    """Decrypt messages that were read in a transaction, after its end.

    Raises:
        SecretDamaged, KeysMissing.
        Unavailable: the master key cannot be reached; retry later.
    """
    if not stored:
        return []
    box = await boxes.box(org_id, max(one.sealed.key_version for one in stored))
    return [unseal(box, one) for one in stored]
