"""The services for tokens over a real database, with the clock in hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap.vault import build_vault
from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import AuditEntry, AuditFilter
from penstock.core.audit.trail import AuditTrail
from penstock.core.tokens.codes import CodeService
from penstock.core.tokens.config import TokensConfig
from penstock.core.tokens.errors import SeedNotGranted, TokenNotFound
from penstock.core.tokens.models import NewToken, Permission, SubjectKind, Token
from penstock.core.tokens.ports import Subjects
from penstock.core.tokens.service import TokenService
from penstock.core.tokens.store import TokenTransaction
from penstock.kit.ids import IdSource
from penstock.settings import load_settings
from penstock.workers.gathered_trail import GatheredTrail
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

SEED = b"12345678901234567890"
"""That of the vectors in RFC 6238."""


class Granted:
    """Implements `TokenAccess`: callers named `member` may use what is granted here, everyone else all."""

    def __init__(self) -> None:
        self.grants: dict[str, Permission] = {}
        self.approved = True
        self.asked: list[str] = []

    def is_restricted(self, actor: Actor) -> bool:
        return actor.name == "member"

    async def subjects(self, tx: TokenTransaction, actor: Actor) -> Subjects | None:
        return Subjects(pairs=((SubjectKind.USER, actor.id),), now_us=1)

    async def require(self, tx: TokenTransaction, actor: Actor, token: Token, permission: Permission) -> None:
        granted = self.grants.get(token.name)
        if granted is None:
            raise TokenNotFound(token=token.name)
        if permission is Permission.SEED and granted is Permission.CODE:
            raise SeedNotGranted(token=token.name)

    async def check_four_eyes(self, tx: TokenTransaction, actor: Actor, token: Token, *, enabled: bool) -> None:
        pass

    async def require_approval(self, tx: TokenTransaction, actor: Actor, token: Token) -> None:
        self.asked.append(token.name)
        if not self.approved:
            raise SeedNotGranted(token=token.name)


class Opened:
    """The services, as a server has them."""

    def __init__(self, shelf: Shelf, folder: Path, *, max_tokens: int = 100, clock: HeldClock | None = None) -> None:
        self.shelf, self.folder = shelf, folder
        self.clock, self.access = clock or HeldClock(), Granted()
        ids, trail, database = IdSource(self.clock.now_us), AuditTrail(self.clock), shelf.database
        self.vault = build_vault(DataDir(folder), load_settings(environment={}).vault, database, ids, self.clock)
        self.codes = CodeService(
            database=database,
            vault=self.vault,
            access=self.access,
            acts=GatheredTrail(database, trail),
            trail=trail,
            clock=self.clock,
        )
        self.service = TokenService(
            database=database,
            vault=self.vault,
            access=self.access,
            trail=trail,
            ids=ids,
            clock=self.clock,
            config=TokensConfig(max_per_organization=max_tokens),
            on_change=self.codes.forget,
        )
        self.owner = Actor(org_id=shelf.acme, kind=ActorKind.USER, id=7, name="owner")
        self.member = Actor(org_id=shelf.acme, kind=ActorKind.USER, id=8, name="member")
        self.stranger = Actor(org_id=shelf.other, kind=ActorKind.USER, id=9, name="owner")

    async def add(self, name: str = "aws-prod", **fields: object) -> Token:
        values: Mapping[str, object] = {"name": name, "seed": SEED} | fields
        return await self.service.create(self.owner, NewToken(**values))  # type: ignore[arg-type]

    async def entries(self, action: str) -> list[AuditEntry]:
        """What the audit log has of an action, oldest first."""
        async with self.shelf.own() as tx:
            return list(reversed(await tx.audit.newest(AuditFilter(action=action), 20_000)))
