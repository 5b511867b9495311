"""Event types as rows: a name once in a project, by pages, and no stranger's."""

from __future__ import annotations

import pytest

from penstock.core.commands.models import Parameter, ParameterType
from penstock.core.event_types.errors import EventTypeExists
from penstock.core.event_types.models import EventType
from penstock.kit.ids import EventTypeId, ProjectId
from tests.support.shelf import Shelf

FIELDS = (Parameter(name="state", type=ParameterType.ENUM, values=("open", "shut")),)


def event_type(shelf: Shelf, number: int, name: str) -> EventType:
    return EventType(
        id=EventTypeId(number),
        org_id=shelf.acme,
        project_id=shelf.project_id,
        name=name,
        description="",
        fields=FIELDS,
        created_us=1,
        updated_us=1,
    )


async def test_a_name_is_there_once_in_a_project(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.event_types.create(event_type(shelf, 1, "door"))
        await tx.event_types.create(event_type(shelf, 2, "lamp"))
        with pytest.raises(EventTypeExists):
            await tx.event_types.create(event_type(shelf, 3, "door"))
        with pytest.raises(EventTypeExists):
            await tx.event_types.update(event_type(shelf, 2, "door"))
        await tx.event_types.update(event_type(shelf, 2, "Door"))
        assert await tx.event_types.find(EventTypeId(2)) == event_type(shelf, 2, "Door")


async def test_pages_of_one_project_or_of_all(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number in (1, 2, 3):
            await tx.event_types.create(event_type(shelf, number, f"e{number}"))
        assert [one.id for one in await tx.event_types.list(None, 2, None)] == [3, 2]
        assert [one.id for one in await tx.event_types.list(shelf.project_id, 2, EventTypeId(2))] == [1]
        assert await tx.event_types.list(ProjectId(99), 2, None) == []
        assert await tx.event_types.count(shelf.project_id) == 3
    async with shelf.strange() as tx:
        assert await tx.event_types.list(None, 10, None) == []
        assert await tx.event_types.count(shelf.project_id) == 0
        await tx.event_types.delete(EventTypeId(1))
    async with shelf.own() as tx:
        assert await tx.event_types.find(EventTypeId(1)) is not None, "a stranger deleted it"
        await tx.event_types.delete(EventTypeId(1))
        assert await tx.event_types.find(EventTypeId(1)) is None
