"""Secrets: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session, like
from penstock.core.vault.errors import SecretExists
from penstock.core.vault.models import Owner, Sealed, Secret, SecretFilter, SecretPaths, SecretUse, SecretVersion
from penstock.core.vault.owners import CHANNEL, CONNECTION, WEBHOOK
from penstock.core.vault.store import Held, OldRow, Using
from penstock.kit.ids import OrgId, SecretId

_LISTED = {
    CONNECTION: "list_sealed_connections_of_all",
    WEBHOOK: "list_sealed_webhooks_of_all",
    CHANNEL: "list_sealed_channels_of_all",
}
_MOVED_IN = {
    CONNECTION: "move_in_secrets_of_connection",
    WEBHOOK: "move_in_secrets_of_webhook",
    CHANNEL: "move_in_secrets_of_channel",
}
_MARKED = {
    CONNECTION: "mark_secrets_of_connection",
    WEBHOOK: "mark_secrets_of_webhook",
    CHANNEL: "mark_secrets_of_channel",
}


class SqliteSecrets:
    """Implements `SecretStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, secret: Secret, version: SecretVersion) -> None:
        try:
            await self._session.run("create_secret", self._secret_params(secret))
        except sqlite3.IntegrityError as error:
            raise SecretExists(name=secret.name or secret.path) from error
        await self._session.run("add_secret_version", self._version_params(version))

    async def add_version(self, secret: Secret, version: SecretVersion, keep: int) -> None:
        await self._session.run("add_secret_version", self._version_params(version))
        params = {"org_id": self._org_id, "id": secret.id, "version": secret.version, "updated_us": secret.updated_us}
        await self._session.run("set_secret_version", params)
        dropped = {"org_id": self._org_id, "secret_id": secret.id, "up_to": version.version - keep}
        await self._session.run("drop_secret_versions", dropped)

    async def find(self, secret_id: SecretId) -> Secret | None:
        row = await self._session.one("find_secret", {"org_id": self._org_id, "id": secret_id})
        return secret_of(row) if row else None

    async def find_by_name(self, name: str) -> Secret | None:
        row = await self._session.one("find_secret_by_name", {"org_id": self._org_id, "name": name})
        return secret_of(row) if row else None

    async def list(self, filters: SecretFilter, limit: int, before_id: int) -> Sequence[Secret]:
        params = {
            "org_id": self._org_id,
            "pattern": like(filters.text),
            "name": filters.name,
            "managed": filters.managed,
            "owner_kind": filters.owner_kind,
            "hidden_kind": filters.hidden_kind,
            "before_id": before_id,
            "limit": limit,
        }
        return [secret_of(row) for row in await self._session.all("list_secrets", params)]

    async def count_named(self) -> int:
        row = await self._session.one("count_named_secrets", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def update(self, secret: Secret) -> None:
        params = {"org_id": self._org_id, "id": secret.id, "description": secret.description, "updated_us": secret.updated_us}
        await self._session.run("update_secret", params)

    async def delete(self, secret_id: SecretId) -> None:
        await self._session.run("delete_secret", {"org_id": self._org_id, "id": secret_id})

    async def versions(self, secret_id: SecretId) -> Sequence[SecretVersion]:
        rows = await self._session.all("list_secret_versions", {"org_id": self._org_id, "secret_id": secret_id})
        return [_version(row) for row in rows]

    async def find_version(self, secret_id: SecretId, version: int) -> SecretVersion | None:
        params = {"org_id": self._org_id, "secret_id": secret_id, "version": version}
        row = await self._session.one("find_secret_version", params)
        return _version(row) if row else None

    async def use(self, owner: Owner, path: str, secret_id: SecretId) -> None:
        await self._session.run("use_secret", self._owner(owner) | {"path": path, "secret_id": secret_id})

    async def uses(self, secret_id: SecretId, limit: int, after: SecretUse | None = None) -> Sequence[SecretUse]:
        last = after or SecretUse(Owner("", 0), "")
        params: dict[str, Any] = {"org_id": self._org_id, "secret_id": secret_id, "limit": limit}
        params |= {"after_kind": last.owner.kind, "after_id": last.owner.id, "after_path": last.path}
        return [_use(row) for row in await self._session.all("list_secret_uses", params)]

    async def uses_of(self, secret_ids: Sequence[SecretId], each: int) -> Sequence[Using]:
        ids = msgspec.json.encode(secret_ids).decode()
        rows = await self._session.all("list_uses_of_secrets", {"org_id": self._org_id, "ids": ids, "each": each})
        return [Using(row["secret_id"], _use(row), row["total"]) for row in rows]

    async def move(self, owner: Owner, path: str, to: str) -> bool:
        params = self._owner(owner) | {"path": path, "to": to}
        moved = await self._session.run("move_owned_secret", params)
        return bool(moved + await self._session.run("move_secret_use", params))

    async def find_owned(self, owner: Owner, path: str) -> Secret | None:
        row = await self._session.one("find_owned_secret", self._owner(owner) | {"path": path})
        return secret_of(row) if row else None

    async def held(self, owner: Owner) -> Sequence[Held]:
        return [_held(row) for row in await self._session.all("list_held_secrets", self._owner(owner))]

    async def delete_owned(self, owner: Owner, path: str | None = None) -> None:
        params = self._owner(owner) | {"path": path}
        await self._session.run("delete_secret_uses", params)
        await self._session.run("delete_owned_secrets", params)

    def _owner(self, owner: Owner) -> dict[str, Any]:
        return {"org_id": self._org_id, "owner_kind": owner.kind, "owner_id": owner.id}

    def _secret_params(self, secret: Secret) -> dict[str, Any]:
        return {
            "org_id": self._org_id,
            "id": secret.id,
            "name": secret.name,
            "owner_kind": secret.owner.kind if secret.owner else None,
            "owner_id": secret.owner.id if secret.owner else None,
            "path": secret.path,
            "description": secret.description,
            "version": secret.version,
            "created_by": secret.created_by,
            "created_us": secret.created_us,
            "updated_us": secret.updated_us,
        }

    def _version_params(self, version: SecretVersion) -> dict[str, Any]:
        return {
            "org_id": self._org_id,
            "secret_id": version.secret_id,
            "version": version.version,
            "key_version": version.sealed.key_version,
            "data_key": version.sealed.data_key,
            "content": version.sealed.content,
            "created_by": version.created_by,
            "created_us": version.created_us,
        }


class SqliteOldSecrets:
    """Implements `OldSecretStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def move_in(self, row: OldRow, paths: SecretPaths) -> None:
        await self._session.run(_MOVED_IN[row.owner.kind], self._params(row, paths))

    async def mark_unreadable(self, row: OldRow, paths: SecretPaths) -> None:
        await self._session.run(_MARKED[row.owner.kind], self._params(row, paths))

    def _params(self, row: OldRow, paths: SecretPaths) -> dict[str, Any]:
        text = msgspec.json.encode(paths, order="sorted").decode()
        return {"org_id": self._org_id, "id": row.owner.id, "sealed": row.sealed, "secret_paths": text}


class SqliteSystemOldSecrets:
    """Implements `SystemOldSecretStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list(self, kind: str, after_id: int, limit: int) -> Sequence[OldRow]:
        rows = await self._session.all(_LISTED[kind], {"after_id": after_id, "limit": limit})
        return [_old_row(kind, row) for row in rows]


def secret_of(row: sqlite3.Row) -> Secret:
    """A secret from a row of `secret_columns`."""
    return Secret(
        id=row["id"],
        name=row["name"],
        owner=Owner(row["owner_kind"], row["owner_id"]) if row["owner_kind"] is not None else None,
        path=row["path"],
        description=row["description"],
        version=row["version"],
        created_by=row["created_by"],
        created_us=row["created_us"],
        updated_us=row["updated_us"],
    )


def _held(row: sqlite3.Row) -> Held:
    version = SecretVersion(
        secret_id=row["id"],
        version=row["version"],
        sealed=_sealed(row),
        created_by=row["version_created_by"],
        created_us=row["version_created_us"],
    )
    return Held(row["path"], secret_of(row), version)


def _version(row: sqlite3.Row) -> SecretVersion:
    return SecretVersion(
        secret_id=row["secret_id"],
        version=row["version"],
        sealed=_sealed(row),
        created_by=row["created_by"],
        created_us=row["created_us"],
    )


def _old_row(kind: str, row: sqlite3.Row) -> OldRow:
    paths = msgspec.json.decode(row["secret_paths"], type=SecretPaths)
    return OldRow(Owner(kind, row["id"]), row["org_id"], row["sealed"], row["hint"], paths)


def _use(row: sqlite3.Row) -> SecretUse:
    return SecretUse(Owner(row["owner_kind"], row["owner_id"]), row["path"])


def _sealed(row: sqlite3.Row) -> Sealed:
    return Sealed(row["key_version"], row["data_key"], row["content"])
