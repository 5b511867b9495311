"""Tickets of streams: maps rows to models, and seals the credentials in them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.streams.models import Ticket
from penstock.kit.ids import OrgId
from penstock.kit.secret import Pepper

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class SqliteTickets:
    """Implements `TicketStore`."""

    def __init__(self, session: Session, org_id: OrgId, pepper: Pepper) -> None:
        self._session = session
        self._org_id = org_id
        self._pepper = pepper

    async def add(self, text: str, ticket: Ticket) -> None:
        nonce = os.urandom(_NONCE_BYTES)
        params = {
            "digest": self._pepper.digest(text.encode()),
            "org_id": self._org_id,
            "sealed": nonce + _box(self._pepper, text).encrypt(nonce, ticket.credential, None),
            "expires_us": ticket.expires_us,
        }
        await self._session.run("add_stream_ticket", params)

    async def open(self, text: str, stream: bytes, address: str, expires_us: int) -> bool:
        found = {"org_id": self._org_id, "digest": self._pepper.digest(text.encode())}
        changes = {"stream": stream, "address": address, "expires_us": expires_us}
        return await self._session.run("open_stream_ticket", found | changes) == 1

    async def unused(self, now_us: int) -> tuple[int, int, int]:
        row = await self._session.one("count_unused_stream_tickets", {"org_id": self._org_id, "now_us": now_us})
        assert row is not None
        return row["number"], row["first_us"] or 0, row["last_us"] or 0

    async def tidy(self, now_us: int, keep: int) -> None:
        await self._session.run("drop_expired_stream_tickets", {"org_id": self._org_id, "now_us": now_us})
        await self._session.run("drop_oldest_stream_tickets", {"org_id": self._org_id, "keep": keep})


class SqliteSystemTickets:
    """Implements `SystemTicketStore`."""

    def __init__(self, session: Session, pepper: Pepper) -> None:
        self._session = session
        self._pepper = pepper

    async def find(self, text: str) -> Ticket | None:
        row = await self._session.one("find_stream_ticket_of_all", {"digest": self._pepper.digest(text.encode())})
        if row is None:
            return None
        values = dict(row)
        sealed = values.pop("sealed")
        credential = _box(self._pepper, text).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        return Ticket(credential=credential, **values)


def _box(pepper: Pepper, text: str) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # here, because the import takes 10 ms

    # The credential is that of a program. With the database, and even with the pepper, the ticket itself is still missing.
    return AESGCM(pepper.digest(b"stream ticket:" + text.encode()))
