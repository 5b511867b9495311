"""Builds the services for limits: of calls, and of old readings."""

from __future__ import annotations

import msgspec

from penstock.api.mcp.limits import mcp_rule
from penstock.api.shared.inside import console_rule
from penstock.bootstrap.dialects import limit_rules
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.ledger import Ledger
from penstock.core.limits.limiter import Limiter
from penstock.core.limits.policy import CallLimits
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import Clock
from penstock.settings import Settings


class Limits(msgspec.Struct, kw_only=True):
    """The services for limits. `lane` limits the readings that a device has buffered."""

    limiter: Limiter
    ledger: Ledger
    limits: CallLimits
    lane: BackfillLane


def build_limits(settings: Settings, plans: PlanCatalogue, clock: Clock) -> Limits:
    """Build the services for limits. Nothing is counted yet."""
    config = settings.limits
    limiter, ledger = Limiter(clock), Ledger(clock)
    return Limits(
        limiter=limiter,
        ledger=ledger,
        limits=CallLimits(limiter, ledger, plans, config, clock, [*limit_rules(config), console_rule(config), mcp_rule(config)]),
        lane=BackfillLane(config, ledger, clock),
    )
