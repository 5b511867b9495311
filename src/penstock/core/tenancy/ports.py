"""What nouns above organisations add to them."""

from __future__ import annotations

from typing import Protocol

from penstock.core.tenancy.models import Project
from penstock.core.tenancy.store import TenancyTransaction
from penstock.kit.ids import OrgId


class ProjectContents(Protocol):
    """Adds what every new project contains."""

    async def add(self, tx: TenancyTransaction, org_id: OrgId, project: Project) -> None:
        """Add it, in the transaction that creates the project."""
