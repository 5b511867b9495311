"""Customers, residents and unregistered devices over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.customers import wire
from penstock.api.v2.customers.examples import CUSTOMER, CUSTOMER_PATH, RESIDENT, WAITING
from penstock.api.v2.customers.translate import from_core_customer, from_core_resident, from_core_unregistered
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf, OldestFirst
from penstock.core.customers.models import CustomerPatch, NewCustomer, NewResident
from penstock.core.customers.placement import PlacementService
from penstock.core.customers.service import CustomerService
from penstock.core.uplinks.service import UplinkService
from penstock.kit.ids import CustomerId, Prefix, encode
from penstock.kit.operation import Example

READ, WRITE = "customers:read", "customers:write"


class CustomerEndpoints:
    """Manage customers and their residents, and devices that report before they are registered."""

    routes = Routes("/api/v2", surface="v2", tag="Customers")

    def __init__(self, customers: CustomerService, placements: PlacementService, uplinks: UplinkService) -> None:
        self._customers = customers
        self._placements = placements
        self._uplinks = uplinks

    @routes.get(
        "/customers",
        scope=READ,
        of_customer=True,
        example=Example(answer={"data": [CUSTOMER], "next_cursor": None}),
    )
    async def list_customers(self, call: Call[OldestFirst, None]) -> ListOf[wire.Customer]:
        """List customers."""
        page = await self._customers.list(call.actor, call.query.limit, call.query.cursor, view_of(call.query))
        return ListOf([from_core_customer(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/customers",
        scope=WRITE,
        status=201,
        example=Example(
            body={
                "name": "Riverside",
                "admin_email": "ada@example.org",
                "tenant_name": "riverside-hoa",
                "timezone": "Europe/Berlin",
            },
            answer=CUSTOMER,
        ),
    )
    async def create(self, call: Call[None, wire.CustomerCreate]) -> wire.Customer:
        """Create a customer.

        Uplinks that name its tenant are routed to it.
        """
        body = call.body
        new = NewCustomer(name=body.name, admin_email=body.admin_email, tenant_name=body.tenant_name, timezone=body.timezone)
        return from_core_customer(await self._customers.create(call.actor, new))

    @routes.get(
        "/customers/{customer_id}",
        scope=READ,
        of_customer=True,
        example=Example(path=CUSTOMER_PATH, answer=CUSTOMER),
    )
    async def get(self, call: Call[None, None]) -> wire.Customer:
        """Get a customer."""
        return from_core_customer(await self._customers.get(call.actor, _customer_id(call)))

    @routes.patch(
        "/customers/{customer_id}",
        scope=WRITE,
        example=Example(path=CUSTOMER_PATH, body={"timezone": "Europe/Berlin"}, answer=CUSTOMER),
    )
    async def update(self, call: Call[None, wire.CustomerPatch]) -> wire.Customer:
        """Change a customer."""
        body = call.body
        patch = CustomerPatch(name=body.name, admin_email=body.admin_email, timezone=body.timezone)
        return from_core_customer(await self._customers.update(call.actor, _customer_id(call), patch))

    @routes.delete(
        "/customers/{customer_id}",
        scope=WRITE,
        status=204,
        example=Example(path=CUSTOMER_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a customer.

        Its residents are deleted with it. Its devices are kept, without a placement.
        """
        await self._customers.delete(call.actor, _customer_id(call))

    @routes.get(
        "/customers/{customer_id}/residents",
        scope=READ,
        of_customer=True,
        example=Example(path=CUSTOMER_PATH, answer={"data": [RESIDENT], "next_cursor": None}),
    )
    async def list_residents(self, call: Call[OldestFirst, None]) -> ListOf[wire.Resident]:
        """List the residents of a customer."""
        page = await self._customers.residents(
            call.actor, _customer_id(call), call.query.limit, call.query.cursor, view_of(call.query)
        )
        return ListOf([from_core_resident(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/customers/{customer_id}/residents",
        scope=WRITE,
        of_customer=True,
        status=201,
        example=Example(path=CUSTOMER_PATH, body={"name": "Grace", "email": "grace@example.org"}, answer=RESIDENT),
    )
    async def create_resident(self, call: Call[None, wire.ResidentCreate]) -> wire.Resident:
        """Add a resident to a customer."""
        new = NewResident(name=call.body.name, email=call.body.email)
        return from_core_resident(await self._customers.create_resident(call.actor, _customer_id(call), new))

    @routes.delete(
        "/customers/{customer_id}/residents/{resident_id}",
        scope=WRITE,
        of_customer=True,
        status=204,
        example=Example(path=CUSTOMER_PATH | {"resident_id": "res_0c2k9fq7w3r8d"}),
    )
    async def delete_resident(self, call: Call[None, None]) -> None:
        """Delete a resident.

        Their devices stay assigned to the customer.
        """
        resident_id = path_id(Prefix.RESIDENT, call.path["resident_id"])
        await self._customers.delete_resident(call.actor, _customer_id(call), resident_id)

    @routes.post(
        "/customers/{customer_id}/register-unregistered-devices",
        scope="devices:write",
        example=Example(path=CUSTOMER_PATH, answer={"device_ids": ["dev_0c2k9fq7w3m1x"], "has_more": False}),
    )
    async def register(self, call: Call[None, None]) -> wire.RegisteredDevices:
        """Register the unregistered devices of a customer.

        Registers the devices whose uplinks named the customer's tenant, at most 1,000 per call; `has_more` says that others wait.
        If the plan's limit of devices does not allow all of them, none is registered.
        Their earlier readings are added shortly afterwards.
        """
        made, has_more = await self._placements.register_pending(call.actor, _customer_id(call))
        return wire.RegisteredDevices([encode(Prefix.DEVICE, one.device.id) for one in made], has_more)

    @routes.get(
        "/unregistered-devices",
        scope="devices:read",
        example=Example(answer={"data": [WAITING], "next_cursor": None}),
    )
    async def list_unregistered(self, call: Call[wire.UnregisteredQuery, None]) -> ListOf[wire.Unregistered]:
        """List unregistered devices.

        Devices that network servers reported and that are not registered, by EUI.
        """
        query = call.query
        customer_id = body_id(Prefix.CUSTOMER, query.customer_id, "customer_id") if query.customer_id else None
        page = await self._uplinks.list_unregistered(call.actor, customer_id, query.limit, query.cursor)
        return ListOf([from_core_unregistered(one) for one in page.items], page.next_cursor)

    @routes.delete(
        "/unregistered-devices/{waiting_eui}",
        scope="devices:write",
        status=204,
        example=Example(path={"waiting_eui": "70b3d57ed0061f2a"}),
    )
    async def forget(self, call: Call[None, None]) -> None:
        """Delete an unregistered device.

        Its readings are deleted with it. If it reports again, it is listed again.
        """
        # EUIs are stored in lower case.
        await self._uplinks.forget_unregistered(call.actor, call.path["waiting_eui"].lower())


def _customer_id(call: Call[Any, Any]) -> CustomerId:
    return path_id(Prefix.CUSTOMER, call.path["customer_id"])
