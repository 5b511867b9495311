"""Licences of projects."""

from __future__ import annotations

from penstock.api.v2.licenses.routes import LicenseEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.licenses.service import LicenseService


def build_licenses(services: Services) -> LicenseService:
    """Build the service for licences."""
    return LicenseService(database=services.database, trail=services.trail, clock=services.clock)


def licenses_part(licenses: LicenseService) -> Part:
    """Endpoints of licences."""
    return Part(endpoints=(LicenseEndpoints(licenses),))
