"""What every new project contains: ordinary commands, of that project alone."""

from __future__ import annotations

from penstock.core.commands.models import NewDefinition
from penstock.core.commands.starting import TIMEOUT_US, StartingCommands
from penstock.core.tenancy.models import Platform, Project
from penstock.kit.ids import IdSource, ProjectId
from penstock.settings import load_settings
from tests.support.shelf import Shelf


async def test_the_commands_are_the_projects_own(shelf: Shelf) -> None:
    alias = "69ddd3e0c2a9d34e0012ab77"
    project = Project(id=ProjectId(77), name="fresh", is_default=False, created_us=5, alias=alias, platform=Platform.AMD64)
    starting = StartingCommands(IdSource(lambda: 5), [NewDefinition(name="echo"), NewDefinition(name="stop", timeout_us=7)])
    async with shelf.own() as tx:
        await tx.projects.create(project)
        await starting.add(tx, shelf.acme, project)
        found = await tx.commands.list_by_project(project.id)
    assert [(one.name, one.timeout_us, one.created_us) for one in found] == [("echo", TIMEOUT_US, 5), ("stop", 7, 5)]
    async with shelf.strange() as tx:
        assert await tx.commands.list_by_project(project.id) == []


def test_the_timeout_is_the_default_of_the_settings() -> None:
    assert load_settings(environment={}).commands.verification_timeout_s * 1_000_000 == TIMEOUT_US
