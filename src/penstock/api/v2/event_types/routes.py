"""Event types of projects over the native API."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.commands.translate import to_core_parameters
from penstock.api.v2.event_types.examples import NEW, ONE_PATH, SHOWN
from penstock.api.v2.event_types.translate import from_core_event_type
from penstock.api.v2.event_types.wire import EventType, EventTypeChange, EventTypeCreate, EventTypeQuery
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf
from penstock.core.event_types.models import EventTypePatch, NewEventType
from penstock.core.event_types.service import EventTypeService
from penstock.kit.ids import EventTypeId, Prefix
from penstock.kit.operation import Example

MAX_BODY_BYTES = 262_144


class EventTypeEndpoints:
    """Create, list, change and delete event types."""

    routes = Routes("/api/v2/event-types", surface="v2", tag="Commands")

    def __init__(self, event_types: EventTypeService) -> None:
        self._event_types = event_types

    @routes.get(
        scope="commands:read",
        example=Example(query={"limit": "2"}, answer={"data": [SHOWN], "next_cursor": None}),
    )
    async def list_event_types(self, call: Call[EventTypeQuery, None]) -> ListOf[EventType]:
        """List event types.

        Newest first by default, of one project or of all.
        """
        query = call.query
        project_id = body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None
        page = await self._event_types.list(call.actor, project_id, query.limit, query.cursor, view_of(query))
        return ListOf([from_core_event_type(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope="commands:write",
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=NEW, answer=SHOWN),
    )
    async def create(self, call: Call[None, EventTypeCreate]) -> EventType:
        """Create an event type.

        An event type describes a message from a device to the server, as a command describes one from the server to a device.
        Messages are not validated against it, and sensors are discovered as usual.
        """
        body = call.body
        new = NewEventType(
            project_id=body_id(Prefix.PROJECT, body.project_id, "project_id"),
            name=body.name,
            description=body.description,
            fields=to_core_parameters(body.fields),
        )
        return from_core_event_type(await self._event_types.create(call.actor, new))

    @routes.get(
        "/{event_type_id}",
        scope="commands:read",
        example=Example(path=ONE_PATH, answer=SHOWN),
    )
    async def get(self, call: Call[None, None]) -> EventType:
        """Get an event type."""
        return from_core_event_type(await self._event_types.get(call.actor, _id(call)))

    @routes.patch(
        "/{event_type_id}",
        scope="commands:write",
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=ONE_PATH, body={"description": "Pressure"}, answer=SHOWN | {"description": "Pressure"}),
    )
    async def update(self, call: Call[None, EventTypeChange]) -> EventType:
        """Change an event type.

        Omitted fields are unchanged.
        """
        body = call.body
        fields = UNSET if body.fields is UNSET else to_core_parameters(body.fields)
        patch = EventTypePatch(name=body.name, description=body.description, fields=fields)
        return from_core_event_type(await self._event_types.update(call.actor, _id(call), patch))

    @routes.delete(
        "/{event_type_id}",
        scope="commands:write",
        status=204,
        example=Example(path=ONE_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete an event type.

        Stored messages of this type are kept.
        """
        await self._event_types.delete(call.actor, _id(call))


def _id(call: Call[Any, Any]) -> EventTypeId:
    return path_id(Prefix.EVENT_TYPE, call.path["event_type_id"])
