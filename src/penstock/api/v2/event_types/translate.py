"""Converts event types between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.commands.translate import from_core_parameters
from penstock.api.v2.event_types.wire import EventType
from penstock.core.event_types.models import EventType as CoreEventType
from penstock.core.event_types.models import message_format
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode


def from_core_event_type(event_type: CoreEventType) -> EventType:
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
