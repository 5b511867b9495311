"""Event types over the native API, exactly as on the wire."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from penstock.api.v2.commands.wire import Parameter, Parameters
from penstock.api.v2.wire import Cursor, Id, Limit, Text, Word


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
