"""Event types over the native API, exactly as on the wire."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from penstock.api.v2.commands.wire import Parameter, Parameters
from penstock.api.v2.wire import Id, NewestFirst, Text, Word


class EventTypeCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """An event type to create. Its fields are described like the parameters of commands."""

    project_id: Id
    name: Word
    description: Text = ""
    fields: Parameters = []


class EventTypeChange(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of an event type: omitted fields are unchanged, `fields` is replaced as a whole."""

    name: Word | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    fields: Parameters | UnsetType = UNSET


class EventTypeQuery(NewestFirst, frozen=True, forbid_unknown_fields=True):
    """Filters for event types. `q` is searched for in name and description."""

    project_id: Id | None = None


class EventType(Struct, frozen=True):
    """A message that devices of a project send. `format` shows its structure."""

    id: str
    project_id: str
    name: str
    description: str
    fields: list[Parameter]
    format: dict[str, dict[str, str]]
    created_at: str
    updated_at: str
