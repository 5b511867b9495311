"""The preferences of people."""

from __future__ import annotations

from penstock.api.v2.preferences.routes import PreferenceEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.preferences.service import PreferenceService


def preferences_part(services: Services) -> Part:
    """Endpoints of preferences."""
    return Part(endpoints=(PreferenceEndpoints(PreferenceService(services.database, services.clock)),))
