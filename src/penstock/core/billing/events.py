"""What happens to bills and plans. Wire names are past tense; fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.kit.ids import StatementId

SUBSCRIPTION_CREATED = "billing.subscription.created"
SUBSCRIPTION_UPDATED = "billing.subscription.updated"
SUBSCRIPTION_CANCELED = "billing.subscription.canceled"
"""Source of the names: Kaito's topic `billing.subscription.*`."""
STATEMENT_CREATED = "billing.statement.created"


class SubscriptionChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The organisation is on another plan, or its plan ends at another time. `reason` is set or ended."""

    plan: str
    plan_before: str
    until_us: int | None
    trial: bool
    reason: str
    at_us: int


class StatementCreated(msgspec.Struct, frozen=True, kw_only=True):
    """The bill of a month is final. `total_cost` is text."""

    statement_id: StatementId
    begin_us: int
    end_us: int
    total_cost: str
    currency: str
    at_us: int


def topic_of(*, paid_before: bool, paid: bool) -> str:
    """The topic of a plan's change: by whether the plan before and the one now have a price."""
    if paid and not paid_before:
        return SUBSCRIPTION_CREATED
    return SUBSCRIPTION_CANCELED if paid_before and not paid else SUBSCRIPTION_UPDATED
