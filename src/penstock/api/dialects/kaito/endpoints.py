"""Builds Kaito's endpoints."""

from __future__ import annotations

from penstock.api.dialects.kaito.routes import KaitoEndpoints
from penstock.api.dialects.kaito.sms import KaitoSmsEndpoints
from penstock.api.dialects.kaito.webhooks import KaitoWebhookEndpoints
from penstock.api.shared.dialect_services import DialectServices


def build(services: DialectServices) -> tuple[object, ...]:
    """Build the endpoints."""
    inboxes, clock = services.inboxes, services.clock
    return (
        KaitoEndpoints(services.audit, clock),
        KaitoWebhookEndpoints(services.webhooks),
        KaitoSmsEndpoints(inboxes.addresses, inboxes.messages, inboxes.waiting, inboxes.sending, clock),
    )
