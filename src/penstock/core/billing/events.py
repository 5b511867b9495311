"""Events of bills and plans. Names on the wire are in the past tense; fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.kit.ids import StatementId

SUBSCRIPTION_CREATED = "billing.subscription.created"
SUBSCRIPTION_UPDATED = "billing.subscription.updated"
SUBSCRIPTION_CANCELED = "billing.subscription.canceled"
STATEMENT_CREATED = "billing.statement.created"


class SubscriptionChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The organisation's plan changed, or its plan ends at another time. `reason` is `set` or `ended`."""

    plan: str
    plan_before: str
    until_us: int | None
    trial: bool
    reason: str
    at_us: int


class StatementCreated(msgspec.Struct, frozen=True, kw_only=True):
    """The bill of a month is final. `total_cost` is a decimal string."""

    statement_id: StatementId
    begin_us: int
    end_us: int
    total_cost: str
    currency: str
    at_us: int


def topic_of(*, paid_before: bool, paid: bool) -> str:
    """The topic of a change of plan: depends on whether the old and the new plan have a price."""
    if paid and not paid_before:
        return SUBSCRIPTION_CREATED
    return SUBSCRIPTION_CANCELED if paid_before and not paid else SUBSCRIPTION_UPDATED
