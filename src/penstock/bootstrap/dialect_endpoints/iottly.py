"""Builds Iottly's endpoints."""

from __future__ import annotations

from penstock.api.dialects.iottly.archive import ArchiveEndpoints
from penstock.api.dialects.iottly.commands import IottlyCommandEndpoints
from penstock.api.dialects.iottly.messages import IottlyMessageEndpoints
from penstock.api.dialects.iottly.places import Places
from penstock.api.dialects.iottly.routes import IottlyEndpoints
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.core.telemetry.search import ReadingSearch
from penstock.settings import Settings


def build(services: Services, parts: Parts, settings: Settings) -> tuple[object, ...]:
    """Build the endpoints."""
    places, commands = Places(parts.tenancy, services.devices), parts.commands
    return (
        ArchiveEndpoints(settings.installer, _archive),
        IottlyEndpoints(
            places=places,
            devices=services.devices,
            licenses=parts.licenses,
            pairing=parts.pairing,
            presence=services.presence,
            latest=services.latest,
            installer=settings.installer,
            clock=services.clock,
        ),
        IottlyMessageEndpoints(places=places, search=ReadingSearch(services.telemetry)),
        IottlyCommandEndpoints(places=places, definitions=commands.definitions, executions=commands.executions),
    )


def _archive() -> bytes:
    from penstock.adapters.agent_archive import build_archive  # here, because what reads packages takes 7 ms to import

    return build_archive()
