"""Event types of projects."""

from __future__ import annotations

from penstock.api.v2.event_types.routes import EventTypeEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services


def event_types_part(services: Services) -> Part:
    """Endpoints of event types."""
    return Part(endpoints=(EventTypeEndpoints(services.event_types),))
