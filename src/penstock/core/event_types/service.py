"""Use cases on event types, in CRUD order."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.commands.models import Parameter
from penstock.core.commands.parameters import check_parameters
from penstock.core.database import OrganizationDatabase
from penstock.core.event_types.errors import EventTypeLimitReached, EventTypeNotFound
from penstock.core.event_types.models import EventType, EventTypePatch, NewEventType
from penstock.core.event_types.store import EventTypeTransaction
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in
from penstock.kit.ids import EventTypeId, IdSource, Prefix, ProjectId, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page

MAX_PER_PROJECT = 200
_ORDERING: Ordering[EventType] = by_name("-created_at")


class EventTypeService:
    """Event types of an organisation's projects."""

    def __init__(
        self, *, database: OrganizationDatabase[EventTypeTransaction], trail: AuditTrail, ids: IdSource, clock: Clock
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def create(self, actor: Actor, new: NewEventType) -> EventType:
        """Create an event type.

        Raises:
            InvalidInput: a field is invalid; it is named.
            ProjectNotFound, EventTypeExists, EventTypeLimitReached.
        """
        _check(new.fields)
        now_us = self._clock.now_us()
        made = EventType(
            id=self._ids.next(EventTypeId),
            org_id=actor.org_id,
            project_id=new.project_id,
            name=new.name,
            description=new.description,
            fields=new.fields,
            created_us=now_us,
            updated_us=now_us,
        )
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.projects.find(new.project_id) is None:
                raise ProjectNotFound(project_id=encode(Prefix.PROJECT, new.project_id))
            if await tx.event_types.count(new.project_id) >= MAX_PER_PROJECT:
                raise EventTypeLimitReached(limit=MAX_PER_PROJECT)
            await tx.event_types.create(made)
            await self._trail.record(tx, actor, "event_type.create", _target(made), after=_facts(made))
        return made

    async def get(self, actor: Actor, event_type_id: EventTypeId) -> EventType:
        """Return an event type.

        Raises:
            EventTypeNotFound: the caller's organisation has no event type with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, event_type_id)

    async def list(
        self, actor: Actor, project_id: ProjectId | None, limit: int, cursor: str | None, view: View = WHOLE
    ) -> Page[EventType]:
        """Return a page of event types, newest first."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.event_types.list(project_id, limit + 1, place)
        return _ORDERING.page(found, limit, view)

    async def update(self, actor: Actor, event_type_id: EventTypeId, patch: EventTypePatch) -> EventType:
        """Change the fields in the patch.

        Raises:
            InvalidInput: a field is invalid; it is named.
            EventTypeNotFound, EventTypeExists.
        """
        changes = changes_in(patch)
        _check(changes.get("fields", ()))
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get(tx, event_type_id)
            after = msgspec.structs.replace(before, updated_us=self._clock.now_us(), **changes)
            await tx.event_types.update(after)
            old, new = _facts(before), _facts(after)
            differing = [name for name in new if old[name] != new[name]]
            await self._trail.record(
                tx,
                actor,
                "event_type.update",
                _target(before),
                before={name: old[name] for name in differing},
                after={name: new[name] for name in differing},
            )
        return after

    async def delete(self, actor: Actor, event_type_id: EventTypeId) -> None:
        """Delete an event type. Stored messages are kept.

        Raises:
            EventTypeNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, event_type_id)
            await tx.event_types.delete(event_type_id)
            await self._trail.record(tx, actor, "event_type.delete", _target(found), before=_facts(found))


def _check(fields: tuple[Parameter, ...]) -> None:
    """Check fields with the rules for command parameters. Errors name `fields` instead of `parameters`."""
    try:
        check_parameters(fields)
    except InvalidInput as error:
        at_fault = error.errors[0]
        name = at_fault.field.replace("parameters[", "fields[", 1)
        raise InvalidInput.field(name, at_fault.detail, at_fault.code) from None


async def _get(tx: EventTypeTransaction, event_type_id: EventTypeId) -> EventType:
    found = await tx.event_types.find(event_type_id)
    if found is None:
        raise EventTypeNotFound(event_type_id=encode(Prefix.EVENT_TYPE, event_type_id))
    return found


def _target(event_type: EventType) -> Target:
    return Target("event_type", encode(Prefix.EVENT_TYPE, event_type.id), event_type.name)


def _facts(event_type: EventType) -> dict[str, Any]:
    """The fields of an event type that the audit log records."""
    facts: dict[str, Any] = msgspec.to_builtins(event_type)
    kept = {name: facts[name] for name in ("name", "description", "fields")}
    return {"project_id": encode(Prefix.PROJECT, event_type.project_id)} | kept
