"""Builds Kaito's endpoints."""

from __future__ import annotations

from penstock.api.dialects.kaito.grants import KaitoGrantEndpoints, KaitoSeedRequestEndpoints
from penstock.api.dialects.kaito.routes import KaitoEndpoints
from penstock.api.dialects.kaito.sms import KaitoSmsEndpoints
from penstock.api.dialects.kaito.token_transfer import KaitoTokenTransferEndpoints
from penstock.api.dialects.kaito.tokens import KaitoTokenEndpoints
from penstock.api.dialects.kaito.webhooks import KaitoWebhookEndpoints
from penstock.api.shared.dialect_services import DialectServices


def build(services: DialectServices) -> tuple[object, ...]:
    """Build the endpoints."""
    return (
        KaitoEndpoints(services.audit, services.clock),
        KaitoTokenEndpoints(services.tokens, services.codes),
        KaitoTokenTransferEndpoints(services.token_imports),
        KaitoWebhookEndpoints(services.webhooks),
        KaitoGrantEndpoints(services.grants),
        KaitoSeedRequestEndpoints(services.seed_requests),
        KaitoSmsEndpoints(services.inboxes, services.clock),
    )
