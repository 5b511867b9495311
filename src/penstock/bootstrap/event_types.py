"""Event types of projects."""

from __future__ import annotations

from penstock.api.v2.event_types.routes import EventTypeEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.event_types.service import EventTypeService


def build_event_types(services: Services) -> EventTypeService:
    """Build the service for event types."""
    return EventTypeService(database=services.database, trail=services.trail, ids=services.ids, clock=services.clock)


def event_types_part(event_types: EventTypeService) -> Part:
    """Endpoints of event types."""
    return Part(endpoints=(EventTypeEndpoints(event_types),))
