"""Builds DataKubo's endpoints."""

from __future__ import annotations

from penstock.api.dialects.datakubo.routes import DataKuboEndpoints
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.ingress.lorawan.protocol import read_message
from penstock.settings import Settings


def build(services: Services, parts: Parts, settings: Settings) -> tuple[object, ...]:
    """Build the endpoints."""
    endpoints = DataKuboEndpoints(
        placements=parts.customers.placements,
        uplinks=parts.uplinks,
        customers=parts.customers.service,
        billing=parts.billing.service,
        read_message=read_message,
    )
    return (endpoints,)
