"""Event types: of a project of one's own, with fields that make sense under their own name."""

from __future__ import annotations

import pytest

from penstock.core.actor import Actor
from penstock.core.audit.models import AuditFilter
from penstock.core.audit.trail import AuditTrail
from penstock.core.commands.models import Parameter, ParameterType
from penstock.core.event_types import service
from penstock.core.event_types.errors import EventTypeLimitReached, EventTypeNotFound
from penstock.core.event_types.models import EventTypePatch, NewEventType
from penstock.core.event_types.service import EventTypeService
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import IdSource, Prefix, encode
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

EMPTY = (Parameter(name="state", type=ParameterType.ENUM),)


def event_types(shelf: Shelf) -> EventTypeService:
    clock = HeldClock()
    return EventTypeService(database=shelf.database, trail=AuditTrail(clock), ids=IdSource(clock.now_us), clock=clock)


async def test_a_wrong_field_is_named_as_one(shelf: Shelf) -> None:
    actor, calls = Actor.system(shelf.acme), event_types(shelf)
    with pytest.raises(InvalidInput) as refused:
        await calls.create(actor, NewEventType(project_id=shelf.project_id, name="door", fields=EMPTY))
    assert refused.value.errors[0].field.startswith("fields[0]")
    made = await calls.create(actor, NewEventType(project_id=shelf.project_id, name="door"))
    with pytest.raises(InvalidInput):
        await calls.update(actor, made.id, EventTypePatch(fields=EMPTY))


async def test_only_what_differs_is_in_the_log(shelf: Shelf) -> None:
    actor, calls = Actor.system(shelf.acme), event_types(shelf)
    made = await calls.create(actor, NewEventType(project_id=shelf.project_id, name="door"))
    await calls.update(actor, made.id, EventTypePatch(name="door", description="opens"))
    async with shelf.own() as tx:
        updated, created = await tx.audit.newest(AuditFilter(target_kind="event_type"), 2)
    assert updated.details == {"before": {"description": ""}, "after": {"description": "opens"}}
    assert created.details["after"]["project_id"] == encode(Prefix.PROJECT, shelf.project_id)


async def test_a_project_has_only_so_many_and_is_ones_own(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_PER_PROJECT", 1)
    actor, stranger, calls = Actor.system(shelf.acme), Actor.system(shelf.other), event_types(shelf)
    made = await calls.create(actor, NewEventType(project_id=shelf.project_id, name="door"))
    with pytest.raises(EventTypeLimitReached):
        await calls.create(actor, NewEventType(project_id=shelf.project_id, name="lamp"))
    with pytest.raises(ProjectNotFound):
        await calls.create(stranger, NewEventType(project_id=shelf.project_id, name="door"))
    for call in (
        calls.get(stranger, made.id),
        calls.update(stranger, made.id, EventTypePatch()),
        calls.delete(stranger, made.id),
    ):
        with pytest.raises(EventTypeNotFound):
            await call
    await calls.delete(actor, made.id)
    await calls.create(actor, NewEventType(project_id=shelf.project_id, name="lamp"))
