"""What nouns above organisations add to them."""

from __future__ import annotations

from typing import Protocol

from penstock.core.actor import Actor
from penstock.core.tenancy.models import ApiKey, Project
from penstock.core.tenancy.store import TenancyTransaction
from penstock.kit.ids import OrgId


class ProjectContents(Protocol):
    """Adds what every new project contains."""

    async def add(self, tx: TenancyTransaction, org_id: OrgId, project: Project) -> None:
        """Add it, in the transaction that creates the project."""


class KeyWatcher(Protocol):
    """Is notified of the ends of keys, in their transactions."""

    async def revoking_key(self, tx: TenancyTransaction, actor: Actor, key: ApiKey) -> None:
        """A key is about to be revoked."""

    async def rotating_key(self, tx: TenancyTransaction, actor: Actor, old: ApiKey, new: ApiKey) -> None:
        """A key got a successor, which was stored.

        Raises:
            PenstockError: the caller must not have what was granted to the key.
        """
