"""Builds the service for meters: consumption from cumulative readings."""

from __future__ import annotations

from penstock.api.v2.meters.routes import MeterEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.meters.account_usage import CurrentMeters
from penstock.core.meters.series import MeterReader
from penstock.core.meters.service import MeterService
from penstock.core.meters.usage import UsageReader


def build_meters(services: Services) -> MeterService:
    """Build the service for meters."""
    return MeterService(
        database=services.database,
        directory=services.directory,
        telemetry=services.telemetry,
        reader=MeterReader(services.store),
        trail=services.trail,
        clock=services.clock,
    )


def build_usage(services: Services) -> UsageReader:
    """Build the reader of usage by account."""
    return CurrentMeters(services.database, MeterReader(services.store), services.clock)


def meters_part(services: Services, meters: MeterService) -> Part:
    """Endpoints of meters."""
    return Part(endpoints=(MeterEndpoints(meters, services.clock),))
