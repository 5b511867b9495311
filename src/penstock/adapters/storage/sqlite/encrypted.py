"""Encrypted values of all nouns: which version of the organisation's key wraps the data key of each row.

A table with encrypted values has the columns `org_id`, `key_version` and `data_key`, an index on the first two, five statements
and a line in `TABLES`. So its rows take part in the rotation of keys.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session, statements
from penstock.core.inboxes.models import bond_of as inbox_bond
from penstock.core.vault.store import KeyUse, Rewrapped, Stale
from penstock.core.vault.vault import bond_of
from penstock.core.webhooks.bodies import bond_of as webhook_bond
from penstock.kit.ids import OrgId


class EncryptedTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table with encrypted values: its primary key without the organisation, what a row is bound to, and its statements.

    The statement `stale` takes the columns of `keys` and `key_version` with the prefix `after_`: the row before the next.
    `next_use` takes the organisation before the next as `after`.
    """

    table: str
    keys: tuple[str, ...]
    bond: Callable[[sqlite3.Row], str]
    stale: str
    count: str
    rewrap: str
    newest: str
    next_use: str


SECRETS = EncryptedTable(
    table="secret_versions",
    keys=("secret_id", "version"),
    bond=lambda row: bond_of(row["secret_id"], row["version"]),
    stale="list_stale_secret_versions",
    count="count_stale_secret_versions",
    rewrap="rewrap_secret_version",
    newest="newest_key_of_secrets",
    next_use="next_key_use_of_secrets_of_all",
)
INBOX_MESSAGES = EncryptedTable(
    table="inbox_messages",
    keys=("id",),
    bond=lambda row: inbox_bond(row["id"]),
    stale="list_stale_inbox_messages",
    count="count_stale_inbox_messages",
    rewrap="rewrap_inbox_message",
    newest="newest_key_of_inbox_messages",
    next_use="next_key_use_of_inbox_messages_of_all",
)
WEBHOOK_MESSAGES = EncryptedTable(
    table="webhook_messages",
    keys=("id",),
    bond=lambda row: webhook_bond(row["id"]),
    stale="list_stale_webhook_messages",
    count="count_stale_webhook_messages",
    rewrap="rewrap_webhook_message",
    newest="newest_key_of_webhook_messages",
    next_use="next_key_use_of_webhook_messages_of_all",
)
TABLES = (SECRETS, INBOX_MESSAGES, WEBHOOK_MESSAGES)
SHORT_LIVED = {"sms_parts"}
"""Tables whose rows are removed within two hours (`workers/inbox_tidy.py`), before any key that they need is."""


class SqliteEncryptedRows:
    """Implements `EncryptedRows` for one table."""

    def __init__(self, session: Session, org_id: OrgId, table: EncryptedTable) -> None:
        self._session = session
        self._org_id = org_id
        self._table = table

    async def stale(self, above: int, below: int, limit: int, after: tuple[int, ...] | None) -> Sequence[Stale]:
        columns = ("key_version", *self._table.keys)
        place = after or (0,) * len(columns)
        params: dict[str, Any] = {"org_id": self._org_id, "above": above, "below": below, "limit": limit}
        params |= {f"after_{name}": value for name, value in zip(columns, place, strict=True)}
        return [
            Stale(tuple(row[name] for name in columns), self._table.bond(row), row["key_version"], row["data_key"])
            for row in await self._session.all(self._table.stale, params)
        ]

    async def rewrap(self, changes: Sequence[Rewrapped]) -> None:
        rows = [
            dict(zip(self._table.keys, one.before.place[1:], strict=True))
            | {
                "org_id": self._org_id,
                "before": one.before.data_key,
                "key_version": one.key_version,
                "data_key": one.data_key,
            }
            for one in changes
        ]
        await self._session.run_many(self._table.rewrap, rows)

    async def count_stale(self, above: int, below: int) -> int:
        row = await self._session.one(self._table.count, {"org_id": self._org_id, "above": above, "below": below})
        return int(row["total"]) if row else 0

    async def newest(self) -> int:
        row = await self._session.one(self._table.newest, {"org_id": self._org_id})
        return int(row["newest"]) if row else 0


def encrypted_rows(session: Session, org_id: OrgId) -> tuple[SqliteEncryptedRows, ...]:
    """All encrypted values of an organisation, one object for each table."""
    return tuple(SqliteEncryptedRows(session, org_id, table) for table in TABLES)


def needed_keys(connection: sqlite3.Connection) -> dict[OrgId, int]:
    """The newest version of its key that each organisation needs, in a database of this or an older schema."""
    found: dict[OrgId, int] = {}
    for table in TABLES:
        if connection.execute(f"PRAGMA table_info({table.table})").fetchone():
            for use in _uses(connection, table):
                found[use.org_id] = max(found.get(use.org_id, 0), use.newest)
    return found


async def key_uses(session: Session) -> Sequence[KeyUse]:
    """Which versions of their keys organisations need, for each table that has values of them."""
    return await session.call(lambda connection: [use for table in TABLES for use in _uses(connection, table)])


def _uses(connection: sqlite3.Connection, table: EncryptedTable) -> Iterator[KeyUse]:
    """One look into the index for each organisation, however many rows it has."""
    after = 0
    while row := connection.execute(statements()[table.next_use], {"after": after}).fetchone():
        after, oldest, newest = row
        yield KeyUse(OrgId(after), oldest, newest)
