"""How customers are invoiced, over the native API: settings, the seller and buyers."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.invoices import wire
from penstock.api.v2.invoices.examples import BUYER, CUSTOMER_PATH, INVOICING, INVOICING_WRITE, RESIDENT_PATH, SELLER
from penstock.api.v2.invoices.translate import (
    from_core_invoicing,
    from_core_party,
    to_core_invoicing,
    to_core_party,
)
from penstock.core.invoices.invoicing_service import InvoicingService
from penstock.kit.ids import CustomerId, Prefix, ResidentId
from penstock.kit.operation import Example

READ, WRITE = "billing:read", "billing:write"


class InvoicingEndpoints:
    """Set who is invoiced, and what invoices say about seller and buyer."""

    routes = Routes("/api/v2/customers", surface="v2", tag="Invoices")
    routes_of_seller = Routes("/api/v2/organization/billing-party", surface="v2", tag="Invoices")

    def __init__(self, invoicing: InvoicingService) -> None:
        self._invoicing = invoicing

    @routes.get("/{customer_id}/invoicing", scope=READ, example=Example(path=CUSTOMER_PATH, answer=INVOICING))
    async def get(self, call: Call[None, None]) -> wire.Invoicing:
        """Get how a customer is invoiced."""
        return from_core_invoicing(*await self._invoicing.get(call.actor, _customer_id(call)))

    @routes.put(
        "/{customer_id}/invoicing",
        scope=WRITE,
        example=Example(path=CUSTOMER_PATH, body=INVOICING_WRITE, answer=INVOICING),
    )
    async def set(self, call: Call[None, wire.InvoicingWrite]) -> wire.Invoicing:
        """Set how a customer is invoiced.

        The first period that is closed automatically is the earliest whose closing is still ahead.
        """
        found = await self._invoicing.set(call.actor, _customer_id(call), to_core_invoicing(call.body))
        return from_core_invoicing(*found)

    @routes_of_seller.get(scope=READ, example=Example(answer=SELLER))
    async def seller(self, call: Call[None, None]) -> wire.Party:
        """Get the seller on the organisation's invoices."""
        return from_core_party(await self._invoicing.seller(call.actor))

    @routes_of_seller.put(scope=WRITE, example=Example(body=SELLER, answer=SELLER))
    async def set_seller(self, call: Call[None, wire.PartyWrite]) -> wire.Party:
        """Set the seller on the organisation's invoices."""
        return from_core_party(await self._invoicing.set_seller(call.actor, to_core_party(call.body)))

    @routes.get("/{customer_id}/billing-party", scope=READ, example=Example(path=CUSTOMER_PATH, answer=BUYER))
    async def customer(self, call: Call[None, None]) -> wire.Party:
        """Get a customer as the buyer on invoices."""
        return from_core_party(await self._invoicing.buyer(call.actor, _customer_id(call), None))

    @routes.put("/{customer_id}/billing-party", scope=WRITE, example=Example(path=CUSTOMER_PATH, body=BUYER, answer=BUYER))
    async def set_customer(self, call: Call[None, wire.PartyWrite]) -> wire.Party:
        """Set a customer as the buyer on invoices."""
        party = to_core_party(call.body)
        return from_core_party(await self._invoicing.set_buyer(call.actor, _customer_id(call), None, party))

    @routes.get(
        "/{customer_id}/residents/{resident_id}/billing-party",
        scope=READ,
        example=Example(path=RESIDENT_PATH, answer=BUYER),
    )
    async def resident(self, call: Call[None, None]) -> wire.Party:
        """Get a resident as the buyer on invoices."""
        return from_core_party(await self._invoicing.buyer(call.actor, _customer_id(call), _resident_id(call)))

    @routes.put(
        "/{customer_id}/residents/{resident_id}/billing-party",
        scope=WRITE,
        example=Example(path=RESIDENT_PATH, body=BUYER, answer=BUYER),
    )
    async def set_resident(self, call: Call[None, wire.PartyWrite]) -> wire.Party:
        """Set a resident as the buyer on invoices."""
        party = to_core_party(call.body)
        return from_core_party(await self._invoicing.set_buyer(call.actor, _customer_id(call), _resident_id(call), party))


def _customer_id(call: Call[Any, Any]) -> CustomerId:
    return path_id(Prefix.CUSTOMER, call.path["customer_id"])


def _resident_id(call: Call[Any, Any]) -> ResidentId:
    return path_id(Prefix.RESIDENT, call.path["resident_id"])
