"""Twilio's endpoints over the services."""

from __future__ import annotations

from penstock.api.dialects.twilio.routes import TwilioMessageEndpoints
from penstock.api.shared.dialect_services import DialectServices


def build(services: DialectServices) -> tuple[object, ...]:
    """The endpoints of this surface."""
    return (TwilioMessageEndpoints(services.inboxes.messages, services.inboxes.sending),)
