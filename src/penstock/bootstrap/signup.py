"""Builds the part for sign-up, if the settings allow it."""

from __future__ import annotations

from penstock.api.v2.signup.routes import SignupEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.signup.service import SignupService
from penstock.core.tenancy.service import TenancyService
from penstock.settings import Settings


def signup_part(services: Services, settings: Settings, tenancy: TenancyService) -> Part:
    """Endpoint for sign-up; none if it is disabled."""
    if not settings.signup.enabled:
        return Part()
    service = SignupService(
        database=services.database,
        tenancy=tenancy,
        invitations=services.people.invitations,
        clock=services.clock,
        config=settings.signup,
    )
    return Part(endpoints=(SignupEndpoints(service),))
