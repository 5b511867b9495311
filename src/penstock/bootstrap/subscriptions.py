"""Builds the service for plans of organisations, and the worker for their expiry."""

from __future__ import annotations

from collections.abc import Callable

from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.audit.trail import AuditTrail
from penstock.core.subscriptions.models import PlanChange
from penstock.core.subscriptions.service import SubscriptionService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import Clock
from penstock.settings import Settings
from penstock.workers.subscription import SubscriptionWorker


def build_subscriptions(
    database: SqliteDatabase, settings: Settings, plans: PlanCatalogue, clock: Clock, on_change: Callable[[PlanChange], None]
) -> SubscriptionService:
    """Build the service for plans of organisations. It needs only the control database."""
    trail, config = AuditTrail(clock), settings.subscription
    return SubscriptionService(database=database, plans=plans, trail=trail, clock=clock, config=config, on_change=on_change)


def forgetting(services: Services) -> Callable[[PlanChange], None]:
    """Return a function that drops the organisation, devices and keys that a change of plan affects from the caches."""

    def forget(change: PlanChange) -> None:
        services.plans.drop(change.organization.id)
        for device_id in change.paused_devices:
            services.directory.drop(device_id)
        for key_id in change.revoked_keys:
            services.authenticator.drop(key_id)

    return forget


def subscriptions_part(subscriptions: SubscriptionService, settings: Settings) -> Part:
    """Loop for plans."""
    return Part(loops={"subscription": SubscriptionWorker(subscriptions, settings.subscription.interval_s).run})
