"""Which limits a call counts against: the plan's, the key's, a surface's own, and none for readings."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.limits.errors import ApiNotInPlan, LimitExceeded
from penstock.core.limits.ledger import Ledger
from penstock.core.limits.limiter import Limiter
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.core.limits.policy import INGEST, READINGS_IN, CallLimits
from penstock.core.limits.surfaces import LimitRule
from penstock.core.tenancy.models import Plan
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.ids import OrgId
from penstock.settings import load_settings
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

RULES = (
    LimitRule(surface="vendor", needs_api_access=True),
    LimitRule(surface="grouped", group_of=lambda scope: Limit(scope, LimitScope.KEY, 1, Window.MINUTE)),
)


def limits(shelf: Shelf, plan: Plan, rules: Sequence[LimitRule] = RULES) -> CallLimits:
    clock, config = HeldClock(), msgspec.structs.replace(load_settings(environment={}).limits, bad_credentials_per_minute=2)
    plans = PlanCatalogue(shelf.database, {"enterprise": plan})
    return CallLimits(Limiter(clock), Ledger(clock), plans, config, clock, rules)


def key(org_id: OrgId, number: int = 5, per_minute: int | None = None) -> Actor:
    return Actor(org_id=org_id, kind=ActorKind.KEY, id=number, calls_per_minute=per_minute)


async def taken(calls: CallLimits, actor: Actor, surface: str = "v2", scope: str = "devices:read", times: int = 5) -> int:
    """How many of some calls are let in."""
    for done in range(times):
        try:
            await calls.take(actor, surface, scope)
        except LimitExceeded:
            return done
    return times


async def test_a_plan_counts_an_organisations_calls_together(shelf: Shelf) -> None:
    calls = limits(shelf, Plan(calls_per_minute=3))
    assert await taken(calls, key(shelf.acme, 5), times=2) == 2
    assert await taken(calls, key(shelf.acme, 6)) == 1
    assert await taken(calls, key(shelf.other)) == 3
    assert [(state.limit.name, state.remaining) for state in await calls.peek(key(shelf.acme))] == [("plan_minute", 0)]


@pytest.mark.parametrize(("surface", "scope"), [(INGEST, "devices:read"), ("v2", READINGS_IN)])
async def test_readings_are_no_calls_of_the_plan_but_of_the_key(surface: str, scope: str, shelf: Shelf) -> None:
    calls = limits(shelf, Plan(calls_per_minute=1))
    assert await taken(calls, key(shelf.acme), surface, scope) == 5
    assert await taken(calls, key(shelf.acme, 6, per_minute=2), surface, scope) == 2


async def test_a_keys_own_limit_counts_beside_the_plans_and_may_change(shelf: Shelf) -> None:
    calls = limits(shelf, Plan(calls_per_minute=4))
    assert await taken(calls, key(shelf.acme, 5, per_minute=2)) == 2
    assert await taken(calls, key(shelf.acme, 5, per_minute=3)) == 1
    assert await taken(calls, key(shelf.acme, 6)) == 1


async def test_a_surface_has_groups_of_its_own_and_needs_what_the_plan_has(shelf: Shelf) -> None:
    calls = limits(shelf, Plan(calls_per_minute=1, api_access=False))
    assert await taken(calls, key(shelf.acme), "grouped") == 1
    assert await taken(calls, key(shelf.acme), "grouped", "devices:write") == 1
    assert await taken(calls, key(shelf.acme, 6), "grouped") == 1
    with pytest.raises(ApiNotInPlan):
        await calls.take(key(shelf.acme), "vendor", "devices:read")
    assert await taken(calls, key(shelf.acme)) == 1


async def test_guesses_are_counted_by_address_and_slow_no_good_key(shelf: Shelf) -> None:
    calls = limits(shelf, Plan())
    for _ in range(2):
        calls.record_failed_credential("192.0.2.1")
    with pytest.raises(LimitExceeded):
        calls.record_failed_credential("192.0.2.1")
    calls.record_failed_credential("192.0.2.2")
    assert await taken(calls, key(shelf.acme)) == 5
