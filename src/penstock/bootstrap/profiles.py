"""Builds the service for device profiles."""

from __future__ import annotations

from penstock.api.v2.profiles.routes import DeviceProfileEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.profiles.service import ProfileService


def build_profiles(services: Services) -> ProfileService:
    """Build the service for profiles."""
    return ProfileService(database=services.database, trail=services.trail, ids=services.ids, clock=services.clock)


def profiles_part(profiles: ProfileService) -> Part:
    """Endpoints of profiles."""
    return Part(endpoints=(DeviceProfileEndpoints(profiles),))
