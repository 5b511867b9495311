"""Builds the part for usage: the counts of calls and readings, and the limits."""

from __future__ import annotations

from penstock.api.v2.usage.routes import UsageEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.usage.service import UsageService
from penstock.settings import Settings
from penstock.workers.usage import UsageWorker


def usage_part(services: Services, settings: Settings, usage: UsageService) -> Part:
    """Endpoints and loop for usage."""
    worker = UsageWorker(
        database=services.database,
        counter=services.calls,
        ledger=services.ledger,
        limiter=services.limiter,
        clock=services.clock,
        settled=services.settled,
        hours_kept_days=settings.usage.hours_kept_days,
    )
    endpoints = UsageEndpoints(usage, services.limits, services.monthly, services.plans, services.clock)
    return Part(endpoints=(endpoints,), loops={"usage": worker.run})
