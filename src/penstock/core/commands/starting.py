"""The commands that every new project contains. They are ordinary commands: people can change and delete them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.commands.models import Definition, NewDefinition
from penstock.core.commands.store import HasCommands
from penstock.core.tenancy.models import Project
from penstock.core.tenancy.store import TenancyTransaction
from penstock.kit.clock import SECOND_US
from penstock.kit.fields import same_fields
from penstock.kit.ids import DefinitionId, IdSource, OrgId

TIMEOUT_US = 5_400 * SECOND_US
"""The default of `commands.verification_timeout_s`, as the settings are unknown where projects are created."""


class StartingCommands:
    """Implements `ProjectContents`."""

    def __init__(self, ids: IdSource, commands: Sequence[NewDefinition]) -> None:
        self._ids = ids
        self._commands = commands

    async def add(self, tx: TenancyTransaction, org_id: OrgId, project: Project) -> None:
        # A transaction has the stores of all nouns, and organisations know none of those above them.
        assert isinstance(tx, HasCommands)
        for new in self._commands:
            await tx.commands.create(self._definition(msgspec.structs.replace(new, project_id=project.id), org_id, project))

    def _definition(self, new: NewDefinition, org_id: OrgId, project: Project) -> Definition:
        return Definition(
            **same_fields(new, Definition),
            timeout_us=TIMEOUT_US if new.timeout_us is None else new.timeout_us,
            id=self._ids.next(DefinitionId),
            org_id=org_id,
            created_us=project.created_us,
            updated_us=project.created_us,
        )
