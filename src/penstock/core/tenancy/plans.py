"""The plan of an organisation: what it may use, from a catalogue in the settings."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from penstock.core.database import SystemDoor
from penstock.core.tenancy.downgrade import kept, longest
from penstock.core.tenancy.errors import OrganizationNotFound, PlanUnknown
from penstock.core.tenancy.models import Organization, Plan
from penstock.core.tenancy.store import TenancySystemTransaction
from penstock.kit.ids import OrgId, Prefix, encode


class PlanCatalogue:
    """Plans by name, and the plan of each organisation from memory (an organisation's plan changes rarely)."""

    def __init__(self, database: SystemDoor[TenancySystemTransaction], plans: Mapping[str, Plan]) -> None:
        self._database = database
        self.plans = plans
        self._organizations: dict[OrgId, Organization] = {}

    def named(self, name: str) -> Plan:
        """The plan of this name.

        Raises:
            PlanUnknown: the catalogue has none.
        """
        plan = self.plans.get(name)
        if plan is None:
            raise PlanUnknown(plan=name[:64])
        return plan

    async def organization(self, org_id: OrgId) -> Organization:
        """An organisation, from memory after the first time.

        Raises:
            OrganizationNotFound: none with this id.
        """
        organization = self._organizations.get(org_id)
        if organization is None:
            async with self._database.system_snapshot() as tx:
                organization = await tx.organizations.find(org_id)
            if organization is None:
                raise OrganizationNotFound(name=encode(Prefix.ORGANIZATION, org_id))
            self._organizations[org_id] = organization
        return organization

    async def of(self, org_id: OrgId) -> Plan:
        """The plan of an organisation."""
        return self.named((await self.organization(org_id)).plan)

    def in_force(self, organization: Organization, now_us: int) -> Plan:
        """The plan as it holds now: during the grace after a change, with the times for which the former plan kept things.

        Raises:
            PlanUnknown: the catalogue has none of this name.
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
        """The name of the plan, or the former one if that keeps more; None when the catalogue has lost the plan."""
        plan, former = self.plans.get(organization.plan), self._former(organization, now_us)
        if former is not None and (plan is None or kept(former) > kept(plan)):
            return organization.former_plan
        return None if plan is None else organization.plan

    def _former(self, organization: Organization, now_us: int) -> Plan | None:
        """The plan before, for as long as the grace lasts."""
        if organization.former_plan is None or (organization.former_until_us or 0) <= now_us:
            return None
        return self.plans.get(organization.former_plan)

    def name_of(self, org_id: OrgId) -> str:
        """The name of the plan of an organisation that is in memory."""
        return self._organizations[org_id].plan

    def known(self, org_id: OrgId) -> Organization | None:
        """An organisation, if it is in memory."""
        return self._organizations.get(org_id)

    def clear(self) -> None:
        """Forget every organisation: one changed in another process."""
        self._organizations.clear()

    def drop(self, org_id: OrgId) -> None:
        """Forget an organisation after it changed."""
        self._organizations.pop(org_id, None)
