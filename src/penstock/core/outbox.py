"""The outbox: events, written in the transaction that caused them.

A worker reads the entries in order and passes each to its followers (to purge the readings of a deleted device, or to post to
webhooks). After a crash an entry can be delivered twice, so every follower is idempotent by the entry's id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.kit.ids import EntryId, OrgId

FIRST = EntryId(0)
"""Before every entry."""


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
        """Add an event in the running transaction."""

    async def add_all(self, events: Sequence[tuple[str, int, msgspec.Struct]]) -> None:
        """Add many events in their order: topic, subject and body of each."""

    async def remove(self, entry_ids: Sequence[EntryId]) -> None:
        """Delete events whose followers have finished."""


class OutboxQueue(Protocol):
    """The events of all organisations, for the worker that delivers them."""

    async def next(self, limit: int, after: EntryId = FIRST) -> list[OutboxEntry]:
        """The oldest entries after one."""


class HasOutbox(Protocol):
    """A transaction with the outbox."""

    @property
    def outbox(self) -> OutboxStore:
        """The organisation's events."""


class HasOutboxQueue(Protocol):
    """A transaction across organisations with the pending events."""

    @property
    def outbox(self) -> OutboxQueue:
        """Events of all organisations."""
