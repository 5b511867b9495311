"""Puts the parts of received long texts together: in any order, repeated, of several senders at once, also over a restart.

A provider sends the next part only after the one before was confirmed, so each part is stored, encrypted, before it is confirmed.
The text has an id from its first part on: a repeated last part leads to the same message. Parts of texts that stay incomplete
are deleted after an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.database import OrganizationDatabase
from penstock.core.inboxes.gsm import whole
from penstock.core.inboxes.models import AccountRef
from penstock.core.inboxes.parts import PartHeader
from penstock.core.vault.keyring import Box, wiped
from penstock.core.vault.models import Sealed
from penstock.core.vault.vault import Vault
from penstock.kit.clock import HOUR_US
from penstock.kit.errors import Unavailable
from penstock.kit.ids import IdSource, InboxMessageId, SmsAccountId
from penstock.kit.secret import hides
from penstock.kit.settled_clock import SettledClock

KEPT_US = HOUR_US
MAX_PARTS_OF_ACCOUNT = 5_000
"""Parts of incomplete texts; the oldest are deleted above it."""


class PartPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Which text a part belongs to: all parts of it have the same fields."""

    account_id: SmsAccountId
    sender: str
    recipient: str
    header_bits: int
    reference: int
    total: int


class StoredPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part that was received, encrypted. `text_number` is the same for all parts of a text."""

    text_number: int
    place: int
    sealed: Sealed
    received_us: int


class PartStore(Protocol):
    """Received parts of incomplete texts, of the transaction's organisation."""

    async def parts(self, of: PartPlace) -> Sequence[StoredPart]:
        """The parts of a text, by place."""

    async def add(self, of: PartPlace, part: StoredPart) -> None:
        """Add a part. It replaces the one that has its place."""

    async def delete(self, account_id: SmsAccountId, text_number: int) -> None:
        """Delete the parts of a text."""

    async def drop_old_parts(self, account_id: SmsAccountId, before_us: int, keep: int) -> None:
        """Delete parts that were received before a time, and all but the newest `keep`."""


class HasSmsParts(Protocol):
    """A transaction with parts of received texts."""

    @property
    def sms_parts(self) -> PartStore:
        """Parts of received texts."""


@hides("text")
class LongText(msgspec.Struct, frozen=True):
    """A complete text, and the number that its parts have in common."""

    number: int
    text: str


class LongTexts:
    """The incomplete texts of all accounts."""

    def __init__(self, database: OrganizationDatabase[HasSmsParts], vault: Vault, ids: IdSource, settled: SettledClock) -> None:
        self._database = database
        self._vault = vault
        self._ids = ids
        self._settled = settled

    async def take(self, account: AccountRef, sender: str, recipient: str, header: PartHeader, text: str) -> LongText | None:
        """Store a part, and return when it is committed. Returns the text if this part completes it.

        A part can end with half of an emoji, of which the other half is in the next part.

        Raises:
            Unavailable: it was not stored; the provider should deliver it again.
        """
        now_us, place = self._settled.now_us(), _place(account, sender, recipient, header)
        box = await self._vault.box(account.org_id)
        async with self._database.transaction(account.org_id) as tx:
            await self._vault.confirm(account.org_id, box.version)
            await tx.sms_parts.drop_old_parts(account.id, now_us - KEPT_US, MAX_PARTS_OF_ACCOUNT)
            there = await tx.sms_parts.parts(place)
            text_number = there[0].text_number if there else self._ids.next(InboxMessageId)
            sealed = box.seal(text.encode("utf-8", "surrogatepass"), _bond(text_number, header.place))
            part = StoredPart(text_number=text_number, place=header.place, sealed=sealed, received_us=now_us)
            await tx.sms_parts.add(place, part)
            parts = await tx.sms_parts.parts(place)
        return LongText(text_number, _joined(box, parts)) if len(parts) == header.total else None

    async def finish(self, account: AccountRef, text: LongText) -> None:
        """Delete the parts of a text whose message was stored."""
        async with self._database.transaction(account.org_id) as tx:
            await tx.sms_parts.delete(account.id, text.number)


def _joined(box: Box, parts: Sequence[StoredPart]) -> str:
    found = []
    for one in parts:
        if not box.knows(one.sealed.key_version):
            raise Unavailable(reason="the keys of the organisation are being rotated; deliver the part again")
        with wiped(box.open(one.sealed, _bond(one.text_number, one.place))) as content:
            found.append(content.decode("utf-8", "surrogatepass"))
    return whole("".join(found))


def _place(account: AccountRef, sender: str, recipient: str, header: PartHeader) -> PartPlace:
    return PartPlace(
        account_id=account.id,
        sender=sender,
        recipient=recipient,
        header_bits=header.bits,
        reference=header.reference,
        total=header.total,
    )


def _bond(text_number: int, place: int) -> str:
    return f"sms text {text_number} part {place}"
