"""Kaito's endpoints over the services."""

from __future__ import annotations

from penstock.api.dialects.kaito.routes import KaitoEndpoints
from penstock.api.dialects.kaito.webhooks import KaitoWebhookEndpoints
from penstock.api.shared.dialect_services import DialectServices


def build(services: DialectServices) -> tuple[object, ...]:
    """All of them."""
    return KaitoEndpoints(services.audit, services.clock), KaitoWebhookEndpoints(services.webhooks)
