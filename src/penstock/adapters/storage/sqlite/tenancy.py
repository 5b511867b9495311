"""Organisations, projects, keys and credential look-ups: maps rows to models."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.tenancy.errors import ProjectAliasTaken
from penstock.core.tenancy.models import ApiKey, KeyStatus, Organization, Platform, Project, SingleUse
from penstock.kit.clock import DAY_US
from penstock.kit.ids import DeviceId, KeyId, OrgId, ProjectId, UserId
from penstock.kit.ordering import After


class SqliteOrganizations:
    """Implements `OrganizationStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def create(self, organization: Organization) -> None:
        await self._session.run("create_organization", msgspec.structs.asdict(organization))

    async def find(self, org_id: OrgId) -> Organization | None:
        row = await self._session.one("find_organization", {"id": org_id})
        return _organization(row) if row else None

    async def find_by_name(self, name: str) -> Organization | None:
        row = await self._session.one("find_organization_by_name", {"name": name})
        return _organization(row) if row else None

    async def update(self, organization: Organization) -> None:
        await self._session.run("update_organization", msgspec.structs.asdict(organization))
        await self._session.run("note_credential_change", {})

    async def list_due(self, now_us: int) -> list[Organization]:
        return [_organization(row) for row in await self._session.all("list_due_organizations", {"now_us": now_us})]

    async def list(self) -> list[Organization]:
        return [_organization(row) for row in await self._session.all("list_organizations", {})]

    async def create_owner(self, org_id: OrgId, user_id: UserId, email: str, password_hash: str, now_us: int) -> None:
        params = {"id": user_id, "email": email, "password_hash": password_hash, "created_us": now_us}
        await self._session.run("create_user", params)
        await self._session.run("create_owner", {"org_id": org_id, "email": email, "created_us": now_us})


class SqliteProjects:
    """Implements `ProjectStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, project: Project) -> None:
        try:
            await self._session.run("create_project", {"org_id": self._org_id, **msgspec.structs.asdict(project)})
        except sqlite3.IntegrityError as error:
            raise ProjectAliasTaken(alias=project.alias) from error

    async def find(self, project_id: ProjectId) -> Project | None:
        row = await self._session.one("find_project", {"org_id": self._org_id, "id": project_id})
        return _project(row) if row else None

    async def find_by_alias(self, alias: str) -> Project | None:
        params = {"org_id": self._org_id, "alias": alias}
        row = await self._session.one("find_project_by_alias", params)
        return _project(row) if row else None

    async def find_default(self) -> Project | None:
        row = await self._session.one("find_default_project", {"org_id": self._org_id})
        return _project(row) if row else None

    async def page(self, limit: int, after: After) -> list[Project]:
        own = {"org_id": self._org_id}
        return [_project(row) for row in await rows_from(self._session, "list_projects", after, limit, own)]

    async def list(self) -> list[Project]:
        return await self.page(-1, -1)  # SQLite reads a negative limit as none


class SqliteKeys:
    """Implements `KeyStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, key: ApiKey, digest: bytes) -> None:
        await self._session.run("create_key", _key_params(key) | {"org_id": self._org_id, "digest": digest})

    async def find(self, key_id: KeyId) -> ApiKey | None:
        row = await self._session.one("find_key", {"org_id": self._org_id, "id": key_id})
        return _key(row) if row else None

    async def update(self, key: ApiKey) -> None:
        await self._session.run("update_key", _key_params(key) | {"org_id": self._org_id})
        await self._session.run("note_credential_change", {})

    async def spend(self, key_id: KeyId, address: str, now_us: int) -> bool:
        params = {"org_id": self._org_id, "id": key_id, "address": address, "now_us": now_us}
        won = await self._session.run("spend_key", params) == 1
        if won:
            await self._session.run("note_credential_change", {})
        return won

    async def count_active(self, now_us: int) -> int:
        row = await self._session.one("count_active_keys", {"org_id": self._org_id, "now_us": now_us})
        return int(row["active"]) if row else 0

    async def list_usable(self, now_us: int) -> list[ApiKey]:
        rows = await self._session.all("list_keys_letting_in", {"org_id": self._org_id, "now_us": now_us})
        return [_key(row) for row in rows]

    async def list_of_operator(self) -> list[ApiKey]:
        return [_key(row) for row in await self._session.all("list_keys_of_operator", {"org_id": self._org_id})]

    async def set_root(self, key_id: KeyId, user_id: UserId) -> None:
        await self._session.run("set_root_of_key", {"org_id": self._org_id, "id": key_id, "root_id": user_id})
        await self._session.run("note_credential_change", {})

    async def restrict_to_grants(self, key_id: KeyId) -> bool:
        changed = await self._session.run("restrict_key_to_grants", {"org_id": self._org_id, "id": key_id}) == 1
        if changed:
            await self._session.run("note_credential_change", {})
        return changed

    async def touch(self, key_id: KeyId, address: str, now_us: int) -> bool:
        today_us = now_us - now_us % DAY_US
        row = await self._session.one("find_key", {"org_id": self._org_id, "id": key_id})
        params = {"org_id": self._org_id, "id": key_id, "address": address, "now_us": now_us}
        await self._session.run("touch_key", params)
        return row is not None and (row["last_used_us"] or 0) < today_us

    async def list(
        self,
        limit: int,
        after: After = None,
        status: KeyStatus | None = None,
        now_us: int = 0,
    ) -> list[ApiKey]:
        own = {"org_id": self._org_id, "status": status, "now_us": now_us}
        return [_key(row) for row in await rows_from(self._session, "list_keys", after, limit, own)]


class SqliteCredentials:
    """Implements `CredentialStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_key(self, digest: bytes) -> ApiKey | None:
        row = await self._session.one("find_key_by_digest", {"digest": digest})
        return _key(row) if row else None

    async def changes(self) -> int:
        row = await self._session.one("find_credential_changes", {})
        return int(row["number"]) if row else 0

    async def find_device_id(self, digest: bytes) -> tuple[OrgId, DeviceId] | None:
        row = await self._session.one("find_device_by_token", {"digest": digest})
        return (row["org_id"], row["id"]) if row else None


def _organization(row: sqlite3.Row) -> Organization:
    return Organization(**dict(row) | {"trial": bool(row["trial"])})


def _project(row: sqlite3.Row) -> Project:
    return Project(**{**dict(row), "is_default": bool(row["is_default"]), "platform": Platform(row["platform"])})


def _key_params(key: ApiKey) -> dict[str, Any]:
    return msgspec.structs.asdict(key) | {"scopes": " ".join(sorted(key.scopes)), "cidrs": " ".join(key.cidrs)}


def _key(row: sqlite3.Row) -> ApiKey:
    found = dict(row)
    found["scopes"] = frozenset(found["scopes"].split())
    found["cidrs"] = tuple(found["cidrs"].split())
    found["single_use"] = SingleUse(found["single_use"]) if found["single_use"] else None
    found["root_suspended"] = bool(found["root_suspended"])
    found["granted_only"] = bool(found["granted_only"])
    return ApiKey(**found)
