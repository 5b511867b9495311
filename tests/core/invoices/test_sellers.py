"""The seller: the organisation itself, until it says who sells."""

from __future__ import annotations

from pathlib import Path

from penstock.core.invoices.sellers import Sellers
from tests.core.invoices.billed import utility


async def test_the_seller_has_the_name_of_the_organisation(tmp_path: Path) -> None:
    async with utility(tmp_path) as acme:
        sellers = Sellers(database=acme.server.database, plans=acme.server.plans, clock=acme.clock)
        organization = await acme.server.plans.organization(acme.org_id)
        found = await sellers.of(acme.org_id)
        assert (found.seller.name, found.kept_from_us) == (organization.name, 0)
        await acme.call("PUT", "/organization/billing-party", {"name": "Rivertown Water", "city": "Rivertown"})
        found = await sellers.of(acme.org_id)
        assert (found.seller.name, found.seller.city) == ("Rivertown Water", "Rivertown")
