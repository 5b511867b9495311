"""Builds the parts for the first set-up, and for sign-up if the settings allow it."""

from __future__ import annotations

from penstock.adapters.passwords import Argon2Passwords
from penstock.api.v2.signup.routes import SignupEndpoints
from penstock.api.v2.signup.setup_routes import SetupEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.signup.service import SignupService
from penstock.core.signup.setup import SetupService
from penstock.core.tenancy.service import TenancyService
from penstock.settings import Settings


def build_setup(services: Services, settings: Settings, tenancy: TenancyService) -> SetupService:
    """Build the service for the first set-up."""
    return SetupService(
        database=services.database,
        tenancy=tenancy,
        links=services.people.links,
        passwords=Argon2Passwords(),
        clock=services.clock,
        config=settings.people,
    )


def signup_part(services: Services, settings: Settings, tenancy: TenancyService, setup: SetupService) -> Part:
    """Endpoints for the first set-up, and for sign-up if it is enabled."""
    if not settings.signup.enabled:
        return Part(endpoints=(SetupEndpoints(setup),))
    service = SignupService(
        database=services.database,
        tenancy=tenancy,
        invitations=services.people.invitations,
        clock=services.clock,
        config=settings.signup,
    )
    return Part(endpoints=(SetupEndpoints(setup), SignupEndpoints(service)))
