"""Outbox, idempotent responses and usage counts."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.idempotency import KEEP_HOURS, IdempotencyKey, IdempotencyMismatch
from penstock.core.outbox import FIRST, OutboxEntry
from penstock.kit.clock import HOUR_US
from penstock.kit.ids import EntryId, OrgId
from penstock.kit.secret import Pepper

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class SqliteOutbox:
    """Implements `OutboxStore` for one organisation."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def add(self, topic: str, subject_id: int, body: msgspec.Struct) -> None:
        await self.add_all([(topic, subject_id, body)])

    async def add_all(self, events: Sequence[tuple[str, int, msgspec.Struct]]) -> None:
        rows = [
            {"org_id": self._org_id, "topic": topic, "subject_id": subject_id, "body": msgspec.json.encode(body)}
            for topic, subject_id, body in events
        ]
        await self._session.run_many("add_outbox_entry", rows)
        self._session.has_new_entries = bool(rows) or self._session.has_new_entries

    async def remove(self, entry_ids: Sequence[EntryId]) -> None:
        rows = [{"org_id": self._org_id, "id": entry_id} for entry_id in entry_ids]
        await self._session.run_many("remove_outbox_entry", rows)


class SqliteSystemOutbox:
    """Implements `OutboxQueue`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def next(self, limit: int, after: EntryId = FIRST) -> list[OutboxEntry]:
        params = {"limit": limit, "after_id": after}
        rows: list[sqlite3.Row] = await self._session.all("next_outbox_entries_of_all", params)
        return [OutboxEntry(**dict(row)) for row in rows]


class SqliteIdempotency:
    """Implements `IdempotencyStore`. Responses are sealed under a key derived from the pepper and the caller's own key."""

    def __init__(self, session: Session, org_id: OrgId, pepper: Pepper) -> None:
        self._session = session
        self._org_id = org_id
        self._pepper = pepper

    async def find(self, caller_id: int, idempotency_key: IdempotencyKey) -> bytes | None:
        key = idempotency_key.key.encode()
        params = {"org_id": self._org_id, "caller_id": caller_id, "key_digest": self._pepper.digest(key)}
        row = await self._session.one("find_answer", params | {"since_us": 0})
        if row is None:
            return None
        # The same key with another request: the stored response does not belong to this one.
        if row["fingerprint"] != idempotency_key.fingerprint:
            raise IdempotencyMismatch()
        sealed = row["answer"]
        return self._box(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)

    async def keep(self, caller_id: int, idempotency_key: IdempotencyKey, answer: bytes, now_us: int) -> None:
        key = idempotency_key.key.encode()
        nonce = os.urandom(_NONCE_BYTES)
        params = {
            "org_id": self._org_id,
            "caller_id": caller_id,
            "key_digest": self._pepper.digest(key),
            "fingerprint": idempotency_key.fingerprint,
            "answer": nonce + self._box(key).encrypt(nonce, answer, None),
            "created_us": now_us,
        }
        await self._session.run("keep_answer", params)
        before_us = now_us - KEEP_HOURS * HOUR_US
        await self._session.run("forget_answers", {"org_id": self._org_id, "before_us": before_us})

    def _box(self, key: bytes) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # here, because the import takes 10 ms

        # Responses can contain a token that is shown only once. With the database, and even with the pepper, the caller's own key
        # is still missing.
        return AESGCM(self._pepper.digest(b"idempotent answer:" + key))
