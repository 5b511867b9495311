"""Event types of projects over the native API."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.v2.commands_translate import from_core_parameters, to_core_parameters
from penstock.api.v2.commands_wire import Parameter, Parameters
from penstock.api.v2.wire import Cursor, Id, Limit, ListOf, Text, Word
from penstock.core.event_types.models import EventType as CoreEventType
from penstock.core.event_types.models import EventTypePatch, NewEventType, message_format
from penstock.core.event_types.service import EventTypeService
from penstock.kit.clock import format_time
from penstock.kit.ids import EventTypeId, Prefix, encode
from penstock.kit.operation import Example, operation

TAG = "Commands"
PATH = "/api/v2/event-types"
PROJECT_ID = "prj_0c2k9fq7w3b7h"
ONE_PATH = {"event_type_id": "ety_0c2k9fq7w3c2d"}
MAX_BODY_BYTES = 262_144
_FIELD: dict[str, Any] = {"name": "level", "type": "enum", "values": ["low", "high"]}
_NEW = {"project_id": PROJECT_ID, "name": "ALARM", "description": "The pump's pressure left its bounds", "fields": [_FIELD]}
_REST = {
    "description": "",
    "required": False,
    "default": None,
    "minimum": None,
    "maximum": None,
    "min_length": None,
    "max_length": None,
}
_SHOWN: dict[str, Any] = {
    "id": ONE_PATH["event_type_id"],
    **_NEW,
    "fields": [_FIELD | _REST],
    "format": {"ALARM": {"level": "<low|high>"}},
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}


class EventTypeCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """An event to describe. Its fields are described as parameters of commands are."""

    project_id: Id
    name: Word
    description: Text = ""
    fields: Parameters = []


class EventTypeChange(Struct, frozen=True, forbid_unknown_fields=True):
    """A change: a field that is left out stays, `fields` are replaced whole."""

    name: Word | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    fields: Parameters | UnsetType = UNSET


class EventTypeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which event types to list."""

    project_id: Id | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class EventType(Struct, frozen=True):
    """An event that devices of a project send. `format` shows how its message looks."""

    id: str
    project_id: str
    name: str
    description: str
    fields: list[Parameter]
    format: dict[str, dict[str, str]]
    created_at: str
    updated_at: str


class EventTypeEndpoints:
    """Describe, list, change and delete event types."""

    def __init__(self, event_types: EventTypeService) -> None:
        self._event_types = event_types

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List event types",
        description="Newest first, of one project or of all.",
        scope="commands:read",
        query=EventTypeQuery,
        answer=ListOf[EventType],
        example=Example(query={"limit": "2"}, answer={"data": [_SHOWN], "next_cursor": None}),
    )
    async def list_event_types(self, call: Call[EventTypeQuery, None]) -> ListOf[EventType]:
        query = call.query
        project_id = body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None
        page = await self._event_types.list(call.actor, project_id, query.limit, query.cursor)
        return ListOf([_from_core(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Describe an event of a project",
        description="A message from a device to the server, as a command is one from the server to a device. It describes, and "
        "refuses nothing: sensors are discovered all the same.",
        scope="commands:write",
        status=201,
        body=EventTypeCreate,
        answer=EventType,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=_NEW, answer=_SHOWN),
    )
    async def create(self, call: Call[None, EventTypeCreate]) -> EventType:
        body = call.body
        wanted = NewEventType(
            project_id=body_id(Prefix.PROJECT, body.project_id, "project_id"),
            name=body.name,
            description=body.description,
            fields=to_core_parameters(body.fields),
        )
        return _from_core(await self._event_types.create(call.actor, wanted))

    @operation(
        "GET",
        PATH + "/{event_type_id}",
        surface="v2",
        tag=TAG,
        summary="Get an event type",
        scope="commands:read",
        answer=EventType,
        example=Example(path=ONE_PATH, answer=_SHOWN),
    )
    async def get(self, call: Call[None, None]) -> EventType:
        return _from_core(await self._event_types.get(call.actor, _id(call)))

    @operation(
        "PATCH",
        PATH + "/{event_type_id}",
        surface="v2",
        tag=TAG,
        summary="Change an event type",
        description="A field that is left out stays as it is.",
        scope="commands:write",
        body=EventTypeChange,
        answer=EventType,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=ONE_PATH, body={"description": "Pressure"}, answer=_SHOWN | {"description": "Pressure"}),
    )
    async def update(self, call: Call[None, EventTypeChange]) -> EventType:
        body = call.body
        fields = UNSET if body.fields is UNSET else to_core_parameters(body.fields)
        patch = EventTypePatch(name=body.name, description=body.description, fields=fields)
        return _from_core(await self._event_types.update(call.actor, _id(call), patch))

    @operation(
        "DELETE",
        PATH + "/{event_type_id}",
        surface="v2",
        tag=TAG,
        summary="Delete an event type",
        description="Messages of it stay.",
        scope="commands:write",
        status=204,
        example=Example(path=ONE_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        await self._event_types.delete(call.actor, _id(call))


def _id(call: Call[Any, Any]) -> EventTypeId:
    return path_id(Prefix.EVENT_TYPE, call.path["event_type_id"])


def _from_core(event_type: CoreEventType) -> EventType:
    return EventType(
        id=encode(Prefix.EVENT_TYPE, event_type.id),
        project_id=encode(Prefix.PROJECT, event_type.project_id),
        name=event_type.name,
        description=event_type.description,
        fields=from_core_parameters(event_type.fields),
        format=message_format(event_type.name, event_type.fields),
        created_at=format_time(event_type.created_us),
        updated_at=format_time(event_type.updated_us),
    )
