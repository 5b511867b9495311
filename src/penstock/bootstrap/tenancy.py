"""Builds the part for organisations, projects, keys, sign-up, and the expiry of plans."""

from __future__ import annotations

from collections.abc import Callable

from penstock.api.v2.keys.routes import KeyEndpoints
from penstock.api.v2.organization.routes import OrganizationEndpoints
from penstock.api.v2.signup.routes import SignupEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.settings import Settings
from penstock.workers.key_usage import KeyUsageWorker
from penstock.workers.subscription import SubscriptionWorker


def tenancy_part(services: Services, settings: Settings, forget_credentials: Callable[[], None]) -> Part:
    """Endpoints and loops for organisations. `forget_credentials` is called when another process has changed credentials."""
    usage = KeyUsageWorker(services.database, services.authenticator, services.trail, forget_credentials)
    return Part(
        endpoints=(
            OrganizationEndpoints(services.tenancy, services.plans),
            KeyEndpoints(services.keys, services.clock),
            *(() if services.signup is None else (SignupEndpoints(services.signup),)),
        ),
        loops={
            "key_usage": usage.run,
            "subscription": SubscriptionWorker(services.subscriptions, settings.subscription.interval_s).run,
        },
    )
