"""Inboxes: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.inboxes.errors import AddressExists
from penstock.core.inboxes.models import (
    Address,
    AddressGrant,
    Channel,
    Direction,
    DueSms,
    Message,
    MessageFilter,
    Part,
    Status,
    StoredMessage,
    Subject,
    SubjectKind,
    Subjects,
)
from penstock.core.inboxes.store import Account
from penstock.core.vault.models import Sealed
from penstock.kit.ids import GroupId, InboxAddressId, InboxMessageId, KeyId, OrgId, SmsAccountId, UserId, first_id_at
from penstock.kit.ordering import After


class SqliteInboxAddresses:
    """Implements `AddressStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, address: Address) -> None:
        await self._clear(address)
        try:
            await self._session.run("create_inbox_address", self._params(address))
        except sqlite3.IntegrityError as error:
            raise AddressExists(value=address.value) from error

    async def find(self, address_id: InboxAddressId, reach: Subjects | None = None) -> Address | None:
        return self._address(await self._session.one("find_inbox_address", self._reach(reach) | {"id": address_id}))

    async def find_value(self, value: str, reach: Subjects | None = None) -> Address | None:
        return self._address(await self._session.one("find_inbox_address_by_value", self._reach(reach) | {"value": value}))

    async def for_notifications(self) -> Address | None:
        return self._address(await self._session.one("find_inbox_address_for_notifications", {"org_id": self._org_id}))

    async def list(
        self, channel: Channel | None, reach: Subjects | None, limit: int, after: After, *, released: bool
    ) -> Sequence[Address]:
        own = self._reach(reach) | {"channel": channel, "released": released}
        rows = await rows_from(self._session, "list_inbox_addresses", after, limit, own)
        return [_address(row, self._org_id) for row in rows]

    async def count(self) -> int:
        row = await self._session.one("count_inbox_addresses", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def update(self, address: Address) -> None:
        await self._clear(address)
        await self._session.run("update_inbox_address", self._params(address))

    async def grant(self, grant: AddressGrant) -> bool:
        made = {"created_by": grant.created_by, "created_us": grant.created_us}
        return await self._session.run("grant_inbox_address", self._grant(grant.address_id, grant.subject) | made) > 0

    async def revoke(self, address_id: InboxAddressId, subject: Subject) -> bool:
        return await self._session.run("revoke_inbox_address", self._grant(address_id, subject)) > 0

    async def grants(self, address_id: InboxAddressId) -> Sequence[AddressGrant]:
        params = {"org_id": self._org_id, "address_id": address_id}
        return [_grant(row) for row in await self._session.all("list_inbox_address_grants", params)]

    async def count_grants(self, address_id: InboxAddressId) -> int:
        params = {"org_id": self._org_id, "address_id": address_id}
        row = await self._session.one("count_inbox_address_grants", params)
        return int(row["total"]) if row else 0

    async def groups_of(self, user_id: UserId) -> Sequence[GroupId]:
        rows = await self._session.all("list_groups_of_inbox_user", {"org_id": self._org_id, "user_id": user_id})
        return [GroupId(row["group_id"]) for row in rows]

    async def keys_of(self, user_id: UserId) -> Sequence[KeyId]:
        rows = await self._session.all("list_key_ids_of", {"org_id": self._org_id, "user_id": user_id})
        return [KeyId(row["id"]) for row in rows]

    async def _clear(self, address: Address) -> None:
        """Only one number is for notifications."""
        if address.for_notifications:
            await self._session.run("clear_inbox_notifications", {"org_id": self._org_id, "id": address.id})

    def _reach(self, reach: Subjects | None) -> dict[str, Any]:
        return {"org_id": self._org_id, "reach": reach_text(reach)}

    def _grant(self, address_id: InboxAddressId, subject: Subject) -> dict[str, Any]:
        return {"org_id": self._org_id, "address_id": address_id, "subject_kind": subject.kind, "subject_id": subject.subject_id}

    def _params(self, address: Address) -> dict[str, Any]:
        return msgspec.structs.asdict(address) | {"org_id": self._org_id}

    def _address(self, row: sqlite3.Row | None) -> Address | None:
        return _address(row, self._org_id) if row else None


class SqliteInboxMessages:
    """Implements `InboxMessageStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def add(self, message: Message, sealed: Sealed) -> None:
        await self._session.run("add_inbox_message", self._params(message) | msgspec.structs.asdict(sealed))

    async def find(self, message_id: InboxMessageId, reach: Subjects | None = None) -> StoredMessage | None:
        params = {"org_id": self._org_id, "id": message_id, "reach": reach_text(reach)}
        row = await self._session.one("find_inbox_message", params)
        return _stored(row) if row else None

    async def find_received(self, source: int, provider_id: str) -> InboxMessageId | None:
        params = {"org_id": self._org_id, "source": source, "provider_id": provider_id}
        return _id(await self._session.one("find_received_inbox_message", params))

    async def find_job(self, job: str) -> InboxMessageId | None:
        return _id(await self._session.one("find_inbox_job", {"org_id": self._org_id, "job": job}))

    async def list(self, filters: MessageFilter, reach: Subjects | None, limit: int, before_id: int) -> Sequence[StoredMessage]:
        own = {"org_id": self._org_id, "reach": reach_text(reach), "limit": limit, "before_id": before_id}
        # Of one address by its own index: a filter that matches few rows would read all of the organisation's.
        name = "list_inbox_messages" if filters.address_id is None else "list_inbox_messages_of_address"
        return [_stored(row) for row in await self._session.all(name, msgspec.structs.asdict(filters) | own)]

    async def next_inbound(self, address_id: InboxAddressId, after_id: int) -> StoredMessage | None:
        params = {"org_id": self._org_id, "address_id": address_id, "after_id": after_id}
        row = await self._session.one("next_inbox_message", params)
        return _stored(row) if row else None

    async def last_id(self) -> InboxMessageId:
        row = await self._session.one("last_inbox_message", {"org_id": self._org_id})
        return InboxMessageId(row["id"] if row else 0)

    async def count_queued(self) -> int:
        row = await self._session.one("count_queued_inbox_messages", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def update(self, message: Message) -> None:
        await self._session.run("update_inbox_message", self._params(message))

    async def claim(self, message_id: InboxMessageId, now_us: int) -> StoredMessage | None:
        params = {"org_id": self._org_id, "id": message_id, "now_us": now_us}
        if not await self._session.run("claim_inbox_message", params):
            return None
        return await self.find(message_id)

    async def parts(self, message_id: InboxMessageId) -> Sequence[Part]:
        params = {"org_id": self._org_id, "message_id": message_id}
        return [_part(row) for row in await self._session.all("list_inbox_parts", params)]

    async def find_part(self, account_id: SmsAccountId, provider_id: str) -> Part | None:
        params = {"org_id": self._org_id, "account_id": account_id, "provider_id": provider_id}
        row = await self._session.one("find_inbox_part", params)
        return _part(row) if row else None

    async def put_part(self, part: Part) -> None:
        await self._session.run("put_inbox_part", msgspec.structs.asdict(part) | {"org_id": self._org_id})

    def _params(self, message: Message) -> dict[str, Any]:
        return msgspec.structs.asdict(message) | {"org_id": self._org_id}


class SqliteSystemInboxes:
    """Implements `SystemInboxStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_alias(self, alias: str) -> Address | None:
        row = await self._session.one("find_inbox_alias_of_all", {"value": alias})
        return _address(row, OrgId(row["org_id"])) if row else None

    async def due(self, now_us: int, limit: int, without: Collection[Account] = ()) -> Sequence[DueSms]:
        names = msgspec.json.encode([f"{org_id}.{account_id or 0}" for org_id, account_id in without]).decode()
        params = {"now_us": now_us, "limit": limit, "without": names}
        rows = await self._session.all("due_inbox_messages_of_all", params)
        return [DueSms(**dict(row)) for row in rows]

    async def next_due_us(self) -> int | None:
        row = await self._session.one("next_due_inbox_message_of_all", {})
        return row["due_us"] if row else None

    async def interrupted(self, limit: int) -> Sequence[tuple[OrgId, InboxMessageId]]:
        rows = await self._session.all("interrupted_inbox_messages_of_all", {"limit": limit})
        return [(OrgId(row["org_id"]), InboxMessageId(row["id"])) for row in rows]

    async def drop_before(self, before_us: int, limit: int) -> int:
        params = {"before_id": first_id_at(before_us), "limit": limit}
        return await self._session.run("drop_inbox_messages_of_all", params)

    async def drop_unclaimed(self, before_us: int) -> None:
        await self._session.run("drop_unclaimed_inbox_parts_of_all", {"before_us": before_us})


def reach_text(reach: Subjects | None) -> str | None:
    """Subjects as the JSON that statements read."""
    return None if reach is None else msgspec.json.encode([(one.kind, one.subject_id) for one in reach]).decode()


def _address(row: sqlite3.Row, org_id: OrgId) -> Address:
    found = dict(row) | {"org_id": org_id, "channel": Channel(row["channel"])}
    return Address(**found | {"for_notifications": bool(row["for_notifications"])})


def _grant(row: sqlite3.Row) -> AddressGrant:
    return AddressGrant(
        address_id=row["address_id"],
        subject=Subject(SubjectKind(row["subject_kind"]), row["subject_id"]),
        created_by=row["created_by"],
        created_us=row["created_us"],
    )


def _stored(row: sqlite3.Row) -> StoredMessage:
    found = dict(row)
    sealed = Sealed(found.pop("key_version"), found.pop("data_key"), found.pop("content"))
    stated = {"channel": Channel(row["channel"]), "direction": Direction(row["direction"]), "status": Status(row["status"])}
    return StoredMessage(Message(**found | stated), sealed)


def _part(row: sqlite3.Row) -> Part:
    return Part(**dict(row) | {"status": Status(row["status"])})


def _id(row: sqlite3.Row | None) -> InboxMessageId | None:
    return InboxMessageId(row["id"]) if row else None
