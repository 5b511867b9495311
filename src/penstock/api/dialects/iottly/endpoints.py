"""Iottly's endpoints over the services."""

from __future__ import annotations

from penstock.api.dialects.iottly.archive import ArchiveEndpoints
from penstock.api.dialects.iottly.commands import IottlyCommandEndpoints
from penstock.api.dialects.iottly.messages import IottlyMessageEndpoints
from penstock.api.dialects.iottly.places import Places
from penstock.api.dialects.iottly.routes import IottlyEndpoints
from penstock.api.shared.dialect_services import DialectServices


def build(services: DialectServices) -> tuple[object, ...]:
    """All of them."""
    return (
        ArchiveEndpoints(services.installer, services.build_agent_archive),
        IottlyEndpoints(
            places=_places(services),
            devices=services.devices,
            licenses=services.licenses,
            pairing=services.pairing,
            presence=services.presence,
            latest=services.latest,
            installer=services.installer,
            clock=services.clock,
        ),
        IottlyMessageEndpoints(places=_places(services), search=services.search),
        IottlyCommandEndpoints(
            places=_places(services), definitions=services.command_definitions, executions=services.command_executions
        ),
    )


def _places(services: DialectServices) -> Places:
    return Places(services.tenancy, services.devices)
