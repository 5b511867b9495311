"""Refusals about event types."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class EventTypeNotFound(PenstockError):
    """No event type with this id."""

    kind, code = Kind.NOT_FOUND, "event_types.not_found"
    message = "event type {event_type_id} not found"


class EventTypeExists(PenstockError):
    """The project has an event type of this name already."""

    kind, code = Kind.CONFLICT, "event_types.exists"
    message = "there is an event type {name} already"


class EventTypeLimitReached(PenstockError):
    """A project has as many event types as it may have."""

    kind, code = Kind.EXHAUSTED, "event_types.limit_reached"
    message = "a project has at most {limit} event types"
