"""SMS accounts, and the parts of long texts that they received: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.inboxes.account_models import SETTINGS, AccountKind, SmsAccount
from penstock.core.inboxes.long_texts import PartPlace, StoredPart
from penstock.core.inboxes.models import AccountRef
from penstock.core.vault.models import Sealed, SecretPaths
from penstock.kit.ids import OrgId, SmsAccountId


class SqliteSmsAccounts:
    """Implements `SmsAccountStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, account: SmsAccount) -> None:
        await self._session.run("create_sms_account", self._params(account))

    async def find(self, account_id: SmsAccountId) -> SmsAccount | None:
        row = await self._session.one("find_sms_account", {"org_id": self._org_id, "id": account_id})
        return _account(row) if row else None

    async def list(self, limit: int, before_id: int) -> Sequence[SmsAccount]:
        params = {"org_id": self._org_id, "limit": limit, "before_id": before_id}
        return [_account(row) for row in await self._session.all("list_sms_accounts", params)]

    async def count(self) -> int:
        row = await self._session.one("count_sms_accounts", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def update(self, account: SmsAccount) -> None:
        await self._session.run("update_sms_account", self._params(account))

    async def numbers_of(self, account_id: SmsAccountId, limit: int) -> Sequence[str]:
        params = {"org_id": self._org_id, "id": account_id, "limit": limit}
        return [row["value"] for row in await self._session.all("list_numbers_of_sms_account", params)]

    async def delete(self, account_id: SmsAccountId) -> None:
        await self._session.run("delete_sms_account", {"org_id": self._org_id, "id": account_id})

    def _params(self, account: SmsAccount) -> dict[str, Any]:
        return {
            "org_id": self._org_id,
            "id": account.id,
            "name": account.name,
            "kind": account.kind,
            "settings": msgspec.json.encode(account.settings).decode(),
            "secret_paths": msgspec.json.encode(account.secret_paths).decode(),
            "created_us": account.created_us,
            "updated_us": account.updated_us,
        }


class SqliteSmsParts:
    """Implements `PartStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def parts(self, of: PartPlace) -> Sequence[StoredPart]:
        return [_part(row) for row in await self._session.all("list_sms_parts", self._place(of))]

    async def add(self, of: PartPlace, part: StoredPart) -> None:
        params = self._place(of) | msgspec.structs.asdict(part.sealed)
        params |= {"place": part.place, "text_number": part.text_number, "received_us": part.received_us}
        await self._session.run("add_sms_part", params)

    async def delete(self, account_id: SmsAccountId, text_number: int) -> None:
        params = {"org_id": self._org_id, "account_id": account_id, "text_number": text_number}
        await self._session.run("delete_sms_text", params)

    async def drop_old_parts(self, account_id: SmsAccountId, before_us: int, keep: int) -> None:
        params = {"org_id": self._org_id, "account_id": account_id, "before_us": before_us, "keep": keep}
        await self._session.run("drop_old_sms_parts", params)

    def _place(self, of: PartPlace) -> dict[str, Any]:
        return msgspec.structs.asdict(of) | {"org_id": self._org_id}


class SqliteSystemSmsAccounts:
    """Implements `SystemSmsAccountStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def connecting(self, after: SmsAccountId, limit: int) -> Sequence[AccountRef]:
        rows = await self._session.all("list_connecting_sms_accounts_of_all", {"after": after, "limit": limit})
        return [AccountRef(row["org_id"], row["id"]) for row in rows]

    async def drop_parts_before(self, before_us: int) -> None:
        await self._session.run("drop_sms_parts_of_all", {"before_us": before_us})

    async def find_owner(self, account_id: SmsAccountId) -> AccountRef | None:
        row = await self._session.one("find_sms_account_owner_of_all", {"id": account_id})
        return AccountRef(row["org_id"], row["id"]) if row else None


def _account(row: sqlite3.Row) -> SmsAccount:
    kind = AccountKind(row["kind"])
    stored = {
        "kind": kind,
        "settings": msgspec.json.decode(row["settings"], type=SETTINGS[kind]),
        "secret_paths": msgspec.json.decode(row["secret_paths"], type=SecretPaths),
    }
    return SmsAccount(**dict(row) | stored)


def _part(row: sqlite3.Row) -> StoredPart:
    sealed = Sealed(row["key_version"], row["data_key"], row["content"])
    return StoredPart(text_number=row["text_number"], place=row["place"], sealed=sealed, received_us=row["received_us"])
