"""A transaction with the stores that access to a token needs, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import AuditEntry
from penstock.core.tokens.grant_models import RequestState, SeedRequest
from penstock.core.tokens.models import Permission, Token
from penstock.kit.ids import GroupId, KeyId, OrgId, SeedRequestId, TokenId, UserId

ORG = OrgId(7)
NOW_US = 1_777_713_304_000_000
TOKEN = Token(id=TokenId(1), name="aws-prod", created_by="", created_us=0, updated_us=0)


def user(number: int = 11, *scopes: str, granted_only: bool = True) -> Actor:
    """A signed-in user."""
    return Actor(org_id=ORG, kind=ActorKind.USER, id=number, scopes=frozenset(scopes), name="lena", granted_only=granted_only)


def key(number: int = 21, root: int | None = 11, *, granted_only: bool = True) -> Actor:
    """A key that a user answers for, or the operator."""
    root_id = None if root is None else UserId(root)
    return Actor(org_id=ORG, kind=ActorKind.KEY, id=number, name="ci", root_id=root_id, granted_only=granted_only)


class Grants:
    """What is granted: to a user's id or a key's id."""

    def __init__(self, **granted: Permission) -> None:
        self.granted = granted
        self.asked: list[tuple[UserId | None, KeyId | None, int]] = []

    async def permission(self, token_id: TokenId, user_id: UserId | None, key_id: KeyId | None, now_us: int) -> Permission | None:
        self.asked.append((user_id, key_id, now_us))
        found = [self.granted.get(f"user{user_id}"), self.granted.get(f"key{key_id}")]
        return max((one for one in found if one), default=None)

    async def groups_of(self, user_id: UserId) -> list[GroupId]:
        return [GroupId(user_id + 100), GroupId(user_id + 200)]


class Requests:
    """Requests to read seeds."""

    def __init__(self, *requests: SeedRequest) -> None:
        self.kept = {one.id: one for one in requests}
        self.lose = False

    async def find_approved(self, like: SeedRequest, now_us: int) -> SeedRequest | None:
        same = ("token_id", "purpose", "actor_kind", "actor_id")
        for one in self.kept.values():
            if one.state_at(now_us) is RequestState.APPROVED and all(getattr(one, name) == getattr(like, name) for name in same):
                return one
        return None

    async def use(self, request_id: SeedRequestId, now_us: int) -> bool:
        if self.lose:
            return False
        self.kept[request_id] = msgspec.structs.replace(self.kept[request_id], state=RequestState.USED, used_us=now_us)
        return True


class Audit:
    """Entries of the audit log."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    async def append(self, entry: AuditEntry) -> None:
        self.entries.append(entry)

    async def append_all(self, entries: Sequence[AuditEntry]) -> None:
        self.entries += entries


class Outbox:
    """Events."""

    def __init__(self) -> None:
        self.events: list[tuple[str, int, msgspec.Struct]] = []

    async def add_all(self, events: Sequence[tuple[str, int, msgspec.Struct]]) -> None:
        self.events += events


class Transaction:
    """The stores."""

    def __init__(self, grants: Grants | None = None, requests: Requests | None = None) -> None:
        self.grants: Any = grants or Grants()
        self.seed_requests: Any = requests or Requests()
        self.audit: Any = Audit()
        self.outbox: Any = Outbox()
