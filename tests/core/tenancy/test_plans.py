"""The plan of an organisation: from memory, with the grace after a change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest

from penstock.core.tenancy.errors import OrganizationNotFound, PlanUnknown
from penstock.core.tenancy.models import Plan
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.ids import OrgId

PLANS = {
    "free": Plan(retention_days=7, audit_days=30, device_limit=3),
    "pro": Plan(retention_days=90, audit_days=20),
    "endless": Plan(),
}


class Stored:
    """A database of organisations, and how often it was read."""

    def __init__(self, **plans: str) -> None:
        self.read, self.plans = 0, plans

    @asynccontextmanager
    async def system_snapshot(self) -> AsyncIterator[Any]:
        self.read += 1
        yield SimpleNamespace(organizations=self)

    async def find(self, org_id: OrgId) -> Any:
        plan = self.plans.get(f"org{org_id}")
        return None if plan is None else SimpleNamespace(id=org_id, plan=plan)


class Changing(Stored):
    """A database in which an organisation changes while it is being read."""

    plan_catalogue: PlanCatalogue

    async def find(self, org_id: OrgId) -> Any:
        found = await super().find(org_id)
        if self.plans["org1"] == "pro":
            self.plans["org1"] = "free"
            self.plan_catalogue.drop(org_id)
        return found


def catalogue(stored: Stored | None = None) -> PlanCatalogue:
    return PlanCatalogue(cast(Any, stored or Stored()), PLANS)


def organization(plan: str, former: str | None = None, until_us: int | None = None) -> Any:
    return cast(Any, SimpleNamespace(plan=plan, former_plan=former, former_until_us=until_us))


async def test_an_organisation_is_read_once_until_it_changes() -> None:
    stored = Stored(org1="pro", org2="lost")
    plans = catalogue(stored)
    assert plans.known(OrgId(1)) is None
    for _ in range(2):
        assert await plans.of(OrgId(1)) is PLANS["pro"]
    assert (stored.read, (await plans.organization(OrgId(1))).plan) == (1, "pro")
    for forget in (lambda: plans.drop(OrgId(1)), plans.clear):
        forget()
        assert plans.known(OrgId(1)) is None
        await plans.organization(OrgId(1))
    assert stored.read == 3
    with pytest.raises(PlanUnknown):
        await plans.of(OrgId(2))
    with pytest.raises(OrganizationNotFound):
        await plans.of(OrgId(3))


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        (organization("free"), (7, 30, 3)),
        (organization("free", "pro", 100), (90, 30, 3)),
        (organization("free", "pro", 99), (7, 30, 3)),
        (organization("free", "pro"), (7, 30, 3)),
        (organization("free", "endless", 100), (None, None, 3)),
        (organization("free", "lost", 100), (7, 30, 3)),
        (organization("endless", "free", 100), (None, None, None)),
    ],
)
def test_during_the_grace_what_was_kept_stays(about: Any, expected: tuple[int | None, ...]) -> None:
    plan = catalogue().in_force(about, 99)
    assert (plan.retention_days, plan.audit_days, plan.device_limit) == expected


@pytest.mark.parametrize(
    ("about", "name"),
    [
        (organization("free"), "free"),
        (organization("free", "pro", 100), "pro"),
        (organization("free", "pro", 99), "free"),
        (organization("pro", "free", 100), "pro"),
        (organization("lost"), None),
        (organization("lost", "free", 100), "free"),
        (organization("lost", "free", 1), None),
    ],
)
def test_the_plan_that_keeps_more(about: Any, name: str | None) -> None:
    assert catalogue().longest_in_force(about, 99) == name


def test_a_plan_that_the_catalogue_has_not_is_named() -> None:
    with pytest.raises(PlanUnknown, match="lost"):
        catalogue().in_force(organization("lost"), 1)


async def test_what_was_outdated_when_it_came_is_not_remembered() -> None:
    stored = Changing(org1="pro")
    plans = stored.plan_catalogue = catalogue(stored)
    await plans.organization(OrgId(1))
    assert plans.known(OrgId(1)) is None
    assert (await plans.organization(OrgId(1))).plan == "free"
