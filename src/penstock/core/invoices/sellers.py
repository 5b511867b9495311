"""The seller of an organisation's invoices, and since when its readings are kept."""

from __future__ import annotations

import msgspec

from penstock.core.database import OrganizationDatabase
from penstock.core.invoices.drafting import Issuer
from penstock.core.invoices.models import Party
from penstock.core.invoices.store import InvoiceTransaction
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.ids import OrgId


class Sellers:
    """Looks up sellers."""

    def __init__(self, *, database: OrganizationDatabase[InvoiceTransaction], plans: PlanCatalogue, clock: Clock) -> None:
        self._database = database
        self._plans = plans
        self._clock = clock

    async def of(self, org_id: OrgId) -> Issuer:
        """The seller of an organisation. Without a name of its own it has the organisation's."""
        organization = await self._plans.organization(org_id)
        now_us = self._clock.now_us()
        retention_days = self._plans.in_force(organization, now_us).retention_days
        async with self._database.snapshot(org_id) as tx:
            party = await tx.invoicing.party(None, None) or Party()
        seller = msgspec.structs.replace(party, name=party.name or organization.name)
        return Issuer(seller=seller, kept_from_us=0 if retention_days is None else now_us - retention_days * DAY_US)
