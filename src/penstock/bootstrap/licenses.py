"""Licences of projects."""

from __future__ import annotations

from penstock.api.v2.licenses.routes import LicenseEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services


def licenses_part(services: Services) -> Part:
    """Endpoints of licences."""
    return Part(endpoints=(LicenseEndpoints(services.licenses),))
