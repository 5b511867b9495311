"""Who operates the server: a signed-in user whose e-mail is in the settings, or the owner of the only organisation."""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.audit.store import HasAudit
from penstock.core.database import Database
from penstock.core.people.models import Role
from penstock.core.people.roles import SCOPES, check_person
from penstock.core.system.config import SystemConfig
from penstock.core.system.errors import OperatorRequired
from penstock.core.system.ports import SystemTransaction


class Operators:
    """The operators of this server."""

    def __init__(self, config: SystemConfig, database: Database[HasAudit, SystemTransaction]) -> None:
        self._emails = frozenset(email.strip().lower() for email in config.operators)
        self._database = database

    async def includes(self, actor: Actor) -> bool:
        """Whether a signed-in user is the operator."""
        if self._emails:
            return actor.name.lower() in self._emails
        if not actor.scopes >= SCOPES[Role.OWNER]:
            return False
        async with self._database.system_snapshot() as tx:
            return len(await tx.audit_heads.owners()) == 1

    async def check(self, actor: Actor) -> None:
        """Check that the caller is the operator.

        Raises:
            SessionRequired, OperatorRequired.
        """
        check_person(actor)
        if not await self.includes(actor):
            raise OperatorRequired()
