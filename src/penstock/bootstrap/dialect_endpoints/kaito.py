"""Builds Kaito's endpoints."""

from __future__ import annotations

from penstock.api.dialects.kaito.routes import KaitoEndpoints
from penstock.api.dialects.kaito.webhooks import KaitoWebhookEndpoints
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.settings import Settings


def build(services: Services, parts: Parts, settings: Settings) -> tuple[object, ...]:
    """Build the endpoints."""
    return KaitoEndpoints(parts.audit, services.clock), KaitoWebhookEndpoints(parts.webhooks.endpoints)
