"""Builds SiliconWit's endpoints."""

from __future__ import annotations

from penstock.api.dialects.siliconwit.routes import SiliconWitEndpoints
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.settings import Settings


def build(services: Services, parts: Parts, settings: Settings) -> tuple[object, ...]:
    """Build the endpoints."""
    endpoints = SiliconWitEndpoints(
        devices=services.devices,
        telemetry=services.telemetry,
        keys=parts.keys,
        plans=services.plans,
        usage=parts.usage,
        latest=services.latest,
        alerts=parts.alerts.definitions,
        occurrences=parts.alerts.occurrences,
        clock=services.clock,
    )
    return (endpoints,)
