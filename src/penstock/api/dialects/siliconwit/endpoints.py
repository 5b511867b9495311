"""SiliconWit's endpoints over the services."""

from __future__ import annotations

from penstock.api.dialects.siliconwit.routes import SiliconWitEndpoints
from penstock.api.shared.dialect_services import DialectServices


def build(services: DialectServices) -> tuple[object, ...]:
    """All of them."""
    return (
        SiliconWitEndpoints(
            devices=services.devices,
            telemetry=services.telemetry,
            keys=services.keys,
            plans=services.plans,
            usage=services.usage,
            latest=services.latest,
            alerts=services.alerts,
            occurrences=services.occurrences,
            clock=services.clock,
        ),
    )
