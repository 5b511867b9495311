"""Errors about event types."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class EventTypeNotFound(PenstockError):
    """No event type with this id exists."""

    kind, code = Kind.NOT_FOUND, "event_types.not_found"
    message = "event type {event_type_id} was not found"


class EventTypeExists(PenstockError):
    """The project already has an event type with this name."""

    kind, code = Kind.CONFLICT, "event_types.exists"
    message = "event type {name} already exists"


class EventTypeLimitReached(PenstockError):
    """The project has reached its limit of event types."""

    kind, code = Kind.EXHAUSTED, "event_types.limit_reached"
    message = "a project can have at most {limit} event types"
