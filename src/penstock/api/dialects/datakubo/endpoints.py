"""DataKubo's endpoints over the services."""

from __future__ import annotations

from penstock.api.dialects.datakubo.routes import DataKuboEndpoints
from penstock.api.shared.dialect_services import DialectServices


def build(services: DialectServices) -> tuple[object, ...]:
    """All of them."""
    return (
        DataKuboEndpoints(
            placements=services.placements,
            uplinks=services.uplinks,
            customers=services.customers,
            billing=services.billing,
            read_message=services.read_message,
        ),
    )
