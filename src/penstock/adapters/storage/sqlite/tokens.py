"""Tokens: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session, like
from penstock.core.tokens.errors import TokenExists
from penstock.core.tokens.models import Token, TokenFilter, TokenGroup, TokenSort
from penstock.core.tokens.ports import Subjects
from penstock.kit.ids import MAX_ID, OrgId, TokenId

_LAST_NAME = "\U0010ffff"
_ORDERS: dict[TokenSort, tuple[str, str | int]] = {
    TokenSort.NAME: ("list_tokens_by_name", ""),
    TokenSort.NAME_REVERSED: ("list_tokens_by_name_reversed", _LAST_NAME),
    TokenSort.NEWEST: ("list_newest_tokens", MAX_ID),
    TokenSort.OLDEST: ("list_oldest_tokens", -1),
}
"""The statement of each order, and the position before its first row."""


class SqliteTokens:
    """Implements `TokenStore`. A change notifies other processes, which have tokens in memory."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, token: Token) -> None:
        await self._save("create_token", token)

    async def find(self, token_id: TokenId) -> Token | None:
        row = await self._session.one("find_token", {"org_id": self._org_id, "id": token_id})
        return token_of(row) if row else None

    async def find_by_name(self, name: str) -> Token | None:
        row = await self._session.one("find_token_by_name", {"org_id": self._org_id, "name": name})
        return token_of(row) if row else None

    async def are_more_than(self, count: int) -> bool:
        return await self._session.one("find_token_at", {"org_id": self._org_id, "position": count}) is not None

    async def list(
        self, filters: TokenFilter, limit: int, after: str | int | None, sort: TokenSort, subjects: Subjects | None
    ) -> Sequence[Token]:
        statement, start = _ORDERS[sort]
        params = {
            "org_id": self._org_id,
            "pattern": like(filters.text),
            "issuer": filters.issuer,
            "rotate": filters.rotate,
            "subjects": msgspec.json.encode(subjects.pairs).decode() if subjects else None,
            "now_us": subjects.now_us if subjects else 0,
            "after": start if after is None else after,
            "limit": limit,
        }
        return [token_of(row) for row in await self._session.all(statement, params)]

    async def groups(self, token_ids: Sequence[TokenId], now_us: int) -> Mapping[TokenId, Sequence[TokenGroup]]:
        params = {"org_id": self._org_id, "token_ids": msgspec.json.encode(token_ids).decode(), "now_us": now_us}
        found: dict[TokenId, set[TokenGroup]] = {}
        for row in await self._session.all("list_groups_of_tokens", params):
            found.setdefault(row["token_id"], set()).add(TokenGroup(row["id"], row["name"]))
        return {token_id: sorted(groups, key=lambda one: one.name) for token_id, groups in found.items()}

    async def update(self, token: Token) -> None:
        await self._save("update_token", token)
        await self._session.run("note_credential_change", {})

    async def reseed(self, token: Token) -> None:
        params: dict[str, Any] = msgspec.structs.asdict(token) | {"org_id": self._org_id}
        await self._session.run("reseed_token", params)
        await self._session.run("note_credential_change", {})

    async def consume(self, token_id: TokenId, step: int) -> bool:
        params = {"org_id": self._org_id, "id": token_id, "step": step}
        return await self._session.run("consume_token_step", params) == 1

    async def delete(self, token_id: TokenId) -> None:
        await self._session.run("delete_token", {"org_id": self._org_id, "id": token_id})
        await self._session.run("note_credential_change", {})

    async def _save(self, statement: str, token: Token) -> None:
        params: dict[str, Any] = msgspec.structs.asdict(token) | {"org_id": self._org_id}
        try:
            await self._session.run(statement, params)
        except sqlite3.IntegrityError as error:
            raise TokenExists(name=token.name) from error


def token_of(row: sqlite3.Row) -> Token:
    """A token from a row of `token_columns`."""
    return Token(**dict(row) | {"four_eyes": bool(row["four_eyes"])})
