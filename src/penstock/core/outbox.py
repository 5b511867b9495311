"""The outbox: what happened, written in the transaction in which it happened.

A worker takes the entries in order and hands each to whoever must follow up (readings of a deleted device are purged;
webhooks are told). An entry may be handed out twice after a crash, so every follower is idempotent by the entry's id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.kit.ids import EntryId, OrgId


class OutboxEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event of an organisation. `topic` is past tense and dotted, such as `device.deleted`."""

    id: EntryId
    org_id: OrgId
    topic: str
    subject_id: int
    body: bytes


class OutboxStore(Protocol):
    """The events of the transaction's organisation."""

    async def add(self, topic: str, subject_id: int, body: msgspec.Struct) -> None:
        """Write an event down, in the running transaction."""

    async def remove(self, entry_ids: Sequence[EntryId]) -> None:
        """Forget events whose followers are done."""


class OutboxQueue(Protocol):
    """The events of every organisation, for the worker that hands them out."""

    async def next(self, limit: int) -> list[OutboxEntry]:
        """The oldest entries."""


class HasOutbox(Protocol):
    """A transaction with the outbox."""

    @property
    def outbox(self) -> OutboxStore:
        """What happened."""


class HasOutboxQueue(Protocol):
    """A transaction across organisations with the events that wait."""

    @property
    def outbox(self) -> OutboxQueue:
        """Events of every organisation."""
