"""Grants of tokens, and requests to read their seeds: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.actor import ActorKind
from penstock.core.tokens.grant_models import EndedGrant, Granted, Purpose, RequestState, SeedRequest, Subject
from penstock.core.tokens.models import Grant, Permission, SubjectKind
from penstock.core.tokens.ports import Subjects
from penstock.kit.ids import GrantId, GroupId, KeyId, OrgId, SeedRequestId, TokenId, UserId, first_id_at

_GRANT = Grant.__struct_fields__


class SqliteGrants:
    """Implements `GrantStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, grant: Grant) -> None:
        await self._session.run("create_grant", msgspec.structs.asdict(grant) | {"org_id": self._org_id})

    async def find(self, grant_id: GrantId) -> Granted | None:
        row = await self._session.one("find_grant", {"org_id": self._org_id, "id": grant_id})
        return _granted(row) if row else None

    async def find_like(self, token_id: TokenId, subject: Subject, permission: Permission) -> Granted | None:
        params = self._of(subject) | {"token_id": token_id, "permission": permission.value}
        row = await self._session.one("find_grant_like", params)
        return _granted(row) if row else None

    async def elevations(self, grant: Grant) -> list[Granted]:
        params = {"org_id": self._org_id, "token_id": grant.token_id, "id": grant.id}
        return [_granted(row) for row in await self._session.all("list_elevations", params)]

    async def count(self, token_id: TokenId) -> int:
        row = await self._session.one("count_grants", {"org_id": self._org_id, "token_id": token_id})
        return int(row["total"]) if row else 0

    async def set_end(self, grant_id: GrantId, expires_us: int | None) -> None:
        await self._session.run("set_grant_end", {"org_id": self._org_id, "id": grant_id, "expires_us": expires_us})

    async def delete(self, grant_id: GrantId) -> bool:
        return await self._session.run("delete_grant", {"org_id": self._org_id, "id": grant_id}) == 1

    async def permission(self, token_id: TokenId, user_id: UserId | None, key_id: KeyId | None, now_us: int) -> Permission | None:
        params = {"org_id": self._org_id, "token_id": token_id, "user_id": user_id, "key_id": key_id, "now_us": now_us}
        row = await self._session.one("find_granted_permission", params)
        if row is None or not row["total"]:
            return None
        return Permission.SEED if row["seeds"] else Permission.CODE

    async def groups_of(self, user_id: UserId) -> list[GroupId]:
        rows = await self._session.all("list_group_ids_of", {"org_id": self._org_id, "user_id": user_id})
        return [GroupId(row["group_id"]) for row in rows]

    async def subjects_of(self, user_id: UserId) -> list[Subject]:
        keys = await self._session.all("list_key_ids_of", {"org_id": self._org_id, "user_id": user_id})
        return [
            Subject(SubjectKind.USER, user_id),
            *(Subject(SubjectKind.GROUP, group_id) for group_id in await self.groups_of(user_id)),
            *(Subject(SubjectKind.KEY, row["id"]) for row in keys),
        ]

    async def of_subject(self, subject: Subject) -> list[Granted]:
        return await self.page_of_subject(subject, -1, -1)  # SQLite reads a negative limit as none

    async def delete_of(self, subject: Subject) -> list[Granted]:
        found = await self.of_subject(subject)
        if found:
            await self._session.run("delete_grants_of_subject", self._of(subject))
        return found

    async def page_of_token(self, token_id: TokenId, limit: int, after_id: int, subjects: Subjects | None) -> list[Granted]:
        params = {
            "org_id": self._org_id,
            "token_id": token_id,
            "limit": limit,
            "after_id": after_id,
            "subjects": _pairs(subjects),
        }
        return [_granted(row) for row in await self._session.all("list_grants_of_token", params)]

    async def page_of_subject(self, subject: Subject, limit: int, after_id: int) -> list[Granted]:
        params = self._of(subject) | {"limit": limit, "after_id": after_id}
        return [_granted(row) for row in await self._session.all("list_grants_of_subject", params)]

    async def mark_all(self, reason: str, now_us: int) -> int:
        return await self._mark("mark_all_tokens", {"reason": reason, "now_us": now_us})

    async def mark_of(self, subjects: Sequence[Subject], reason: str, now_us: int) -> int:
        pairs = msgspec.json.encode([(one.kind, one.id) for one in subjects]).decode()
        return await self._mark("mark_granted_tokens", {"reason": reason, "now_us": now_us, "subjects": pairs})

    async def _mark(self, statement: str, params: dict[str, Any]) -> int:
        return await self._session.run(statement, params | {"org_id": self._org_id})

    def _of(self, subject: Subject) -> dict[str, Any]:
        return {"org_id": self._org_id, "subject_kind": subject.kind.value, "subject_id": subject.id}


class SqliteSystemGrants:
    """Implements `SystemGrantStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def ended(self, now_us: int, limit: int) -> list[EndedGrant]:
        rows = await self._session.all("list_ended_grants", {"now_us": now_us, "limit": limit})
        return [EndedGrant(row["org_id"], _granted(row)) for row in rows]


class SqliteSeedRequests:
    """Implements `SeedRequestStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, request: SeedRequest) -> None:
        await self._session.run("create_seed_request", msgspec.structs.asdict(request) | {"org_id": self._org_id})

    async def find(self, request_id: SeedRequestId) -> SeedRequest | None:
        row = await self._session.one("find_seed_request", {"org_id": self._org_id, "id": request_id})
        return _request(row) if row else None

    async def count_open(self, token_id: TokenId, person: int, now_us: int) -> int:
        params = {"org_id": self._org_id, "token_id": token_id, "person": person, "now_us": now_us}
        row = await self._session.one("count_open_seed_requests", params)
        return int(row["total"]) if row else 0

    async def decide(
        self, request: SeedRequest, state: RequestState, until_us: int, decided_by: str, person: int, now_us: int
    ) -> bool:
        params = {"org_id": self._org_id, "id": request.id, "state": state.value, "until_us": until_us, "now_us": now_us}
        return await self._session.run("decide_seed_request", params | {"decided_by": decided_by, "decided_person": person}) == 1

    async def use(self, request_id: SeedRequestId, now_us: int) -> bool:
        params = {"org_id": self._org_id, "id": request_id, "now_us": now_us}
        return await self._session.run("use_seed_request", params) == 1

    async def find_approved(self, like: SeedRequest, now_us: int) -> SeedRequest | None:
        params = {"org_id": self._org_id, "person": like.person, "token_id": like.token_id, "purpose": like.purpose.value}
        params |= {"actor_kind": like.actor_kind.value, "actor_id": like.actor_id, "now_us": now_us}
        row = await self._session.one("find_approved_seed_request", params)
        return _request(row) if row else None

    async def end_of(self, person: int) -> int:
        return await self._session.run("end_seed_requests_of", {"org_id": self._org_id, "person": person})

    async def end_approvals_of(self, person: int) -> int:
        return await self._session.run("end_seed_approvals_of", {"org_id": self._org_id, "person": person})

    async def list(
        self,
        token_id: TokenId | None,
        state: RequestState | None,
        limit: int,
        before_id: int,
        subjects: Subjects | None,
        now_us: int,
    ) -> list[SeedRequest]:
        params = {
            "org_id": self._org_id,
            "token_id": token_id,
            "state": state.value if state else None,
            "limit": limit,
            "before_id": before_id,
            "subjects": _pairs(subjects),
            "now_us": now_us,
        }
        return [_request(row) for row in await self._session.all("list_seed_requests", params)]


class SqliteSystemSeedRequests:
    """Implements `SystemSeedRequestStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def drop_made_before(self, before_us: int) -> int:
        return await self._session.run("drop_seed_requests", {"before_id": first_id_at(before_us)})


def _pairs(subjects: Subjects | None) -> str | None:
    return None if subjects is None else msgspec.json.encode(subjects.pairs).decode()


def _granted(row: sqlite3.Row) -> Granted:
    found = {name: row[name] for name in _GRANT}
    found |= {"subject_kind": SubjectKind(row["subject_kind"]), "permission": Permission(row["permission"])}
    return Granted(Grant(**found), row["token"], row["subject"])


def _request(row: sqlite3.Row) -> SeedRequest:
    found = dict(row)
    found |= {"purpose": Purpose(row["purpose"]), "state": RequestState(row["state"])}
    return SeedRequest(**found | {"actor_kind": ActorKind(row["actor_kind"])})
