"""Event types."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.commands.models import Parameter, ParameterType
from penstock.kit.ids import EventTypeId, OrgId, ProjectId


class EventType(msgspec.Struct, frozen=True, kw_only=True):
    """A message that devices of a project send, by name: `{"<name>": {"<field>": …}}`. Messages are not validated against it."""

    id: EventTypeId
    org_id: OrgId
    project_id: ProjectId
    name: str
    description: str
    fields: tuple[Parameter, ...]
    created_us: int
    updated_us: int


class NewEventType(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new event type."""

    project_id: ProjectId
    name: str
    description: str = ""
    fields: tuple[Parameter, ...] = ()


class EventTypePatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change: an UNSET field is unchanged."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    fields: tuple[Parameter, ...] | UnsetType = UNSET


def message_format(name: str, fields: tuple[Parameter, ...]) -> dict[str, dict[str, Any]]:
    """The format of an event type's messages: a fixed value unchanged, a choice as `<a|b|c>`, anything else as `<free value>`."""
    return {name: {one.name: _shown(one) for one in fields}}


def _shown(field: Parameter) -> str:
    if field.type is not ParameterType.ENUM:
        return "<free value>"
    return field.values[0] if len(field.values) == 1 else f"<{'|'.join(field.values)}>"
