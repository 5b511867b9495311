"""The plan of an organisation, from the catalogue in the settings."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from penstock.core.database import SystemDatabase, repeated_after_commit
from penstock.core.tenancy.downgrade import kept, longest
from penstock.core.tenancy.errors import OrganizationNotFound, PlanUnknown
from penstock.core.tenancy.models import Organization, Plan
from penstock.core.tenancy.store import TenancySystemTransaction
from penstock.kit.ids import OrgId, Prefix, encode


class PlanCatalogue:
    """Plans by name, and the plan of each organisation, cached because it changes rarely."""

    def __init__(self, database: SystemDatabase[TenancySystemTransaction], plans: Mapping[str, Plan]) -> None:
        self._database = database
        self.plans = plans
        self._organizations: dict[OrgId, Organization] = {}
        self._generation = 0

    def named(self, name: str) -> Plan:
        """The plan with this name.

        Raises:
            PlanUnknown: the catalogue has no such plan.
        """
        plan = self.plans.get(name)
        if plan is None:
            raise PlanUnknown(plan=name[:64])
        return plan

    async def organization(self, org_id: OrgId) -> Organization:
        """An organisation, from memory after the first time.

        Raises:
            OrganizationNotFound: no organisation has this id.
        """
        organization = self._organizations.get(org_id)
        if organization is None:
            generation = self._generation
            async with self._database.system_snapshot() as tx:
                organization = await tx.organizations.find(org_id)
            if organization is None:
                raise OrganizationNotFound(name=encode(Prefix.ORGANIZATION, org_id))
            # A change during the look-up may have made the result outdated: it serves this call, which was already running, but
            # later calls must read again.
            if generation == self._generation:
                self._organizations[org_id] = organization
        return organization

    async def of(self, org_id: OrgId) -> Plan:
        """The plan of an organisation."""
        return self.named((await self.organization(org_id)).plan)

    def in_force(self, organization: Organization, now_us: int) -> Plan:
        """The plan as it applies now: during the grace period after a change, with the retention of the former plan.

        Raises:
            PlanUnknown: the catalogue has no plan with this name.
        """
        plan, former = self.named(organization.plan), self._former(organization, now_us)
        if former is None:
            return plan
        return msgspec.structs.replace(
            plan,
            retention_days=longest(plan.retention_days, former.retention_days),
            audit_days=longest(plan.audit_days, former.audit_days),
        )

    def longest_in_force(self, organization: Organization, now_us: int) -> str | None:
        """The name of the plan, or of the former one if that has the longer retention.

        None if the catalogue no longer has the plan.
        """
        plan, former = self.plans.get(organization.plan), self._former(organization, now_us)
        if former is not None and (plan is None or kept(former) > kept(plan)):
            return organization.former_plan
        return None if plan is None else organization.plan

    def _former(self, organization: Organization, now_us: int) -> Plan | None:
        """The former plan, during the grace period."""
        if organization.former_plan is None or (organization.former_until_us or 0) <= now_us:
            return None
        return self.plans.get(organization.former_plan)

    def known(self, org_id: OrgId) -> Organization | None:
        """An organisation, if it is cached."""
        return self._organizations.get(org_id)

    @repeated_after_commit
    def clear(self) -> None:
        """Drop all organisations from the cache: one changed in another process."""
        self._generation += 1
        self._organizations.clear()

    @repeated_after_commit
    def drop(self, org_id: OrgId) -> None:
        """Drop an organisation from the cache after it changed."""
        self._generation += 1
        self._organizations.pop(org_id, None)
