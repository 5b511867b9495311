"""Secrets: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.vault.errors import SecretExists
from penstock.core.vault.models import Owner, Sealed, Secret, SecretVersion
from penstock.core.vault.store import Held
from penstock.kit.ids import OrgId, SecretId


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


def _sealed(row: sqlite3.Row) -> Sealed:
    return Sealed(row["key_version"], row["data_key"], row["content"])
