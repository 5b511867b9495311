"""Customers, residents and unregistered devices over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.v2 import customers_wire as wire
from penstock.api.v2.wire import ListOf, Page
from penstock.core.customers.models import Customer, CustomerPatch, NewCustomer, NewResident, Resident
from penstock.core.customers.placement import PlacementService
from penstock.core.customers.service import CustomerService
from penstock.core.uplinks.service import UplinkService
from penstock.core.uplinks.store import UnregisteredDevice
from penstock.kit.clock import format_time
from penstock.kit.ids import CustomerId, Prefix, encode
from penstock.kit.operation import Example, operation

TAG = "Customers"
READ, WRITE = "customers:read", "customers:write"
CUSTOMERS, UNREGISTERED = "/api/v2/customers", "/api/v2/unregistered-devices"
ONE = f"{CUSTOMERS}/{{customer_id}}"
RESIDENTS = f"{ONE}/residents"
CUSTOMER_PATH = {"customer_id": "cus_0c2k9fq7w3c5d"}
CUSTOMER = {
    "id": "cus_0c2k9fq7w3c5d",
    "name": "Riverside",
    "admin_email": "ada@example.org",
    "tenant_name": "riverside-hoa",
    "timezone": "Europe/Berlin",
    "created_at": "2026-04-14T06:00:00Z",
}
RESIDENT = {
    "id": "res_0c2k9fq7w3r8d",
    "customer_id": "cus_0c2k9fq7w3c5d",
    "name": "Grace",
    "email": "grace@example.org",
    "created_at": "2026-04-14T06:00:00Z",
}
WAITING: dict[str, Any] = {
    "eui": "70b3d57ed0061f2a",
    "customer_id": "cus_0c2k9fq7w3c5d",
    "device_name": "Block C / flat 12",
    "tenant_name": "riverside-hoa",
    "network": "chirpstack_v4",
    "first_seen_at": "2026-05-01T00:12:31Z",
    "last_seen_at": "2026-05-02T09:15:04Z",
    "readings": 34,
}


class CustomerEndpoints:
    """Customers and their residents, and devices that report before they are registered."""

    def __init__(self, customers: CustomerService, placements: PlacementService, uplinks: UplinkService) -> None:
        self._customers = customers
        self._placements = placements
        self._uplinks = uplinks

    @operation(
        "GET",
        CUSTOMERS,
        surface="v2",
        tag=TAG,
        summary="List customers",
        scope=READ,
        query=Page,
        answer=ListOf[wire.Customer],
        example=Example(answer={"data": [CUSTOMER], "next_cursor": None}),
    )
    async def list_customers(self, call: Call[Page, None]) -> ListOf[wire.Customer]:
        page = await self._customers.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([_customer(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        CUSTOMERS,
        surface="v2",
        tag=TAG,
        summary="Add a customer",
        description="Uplinks that name its tenant are routed to it.",
        scope=WRITE,
        status=201,
        body=wire.CustomerCreate,
        answer=wire.Customer,
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
        body = call.body
        wanted = NewCustomer(name=body.name, admin_email=body.admin_email, tenant_name=body.tenant_name, timezone=body.timezone)
        return _customer(await self._customers.create(call.actor, wanted))

    @operation(
        "GET",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Get a customer",
        scope=READ,
        answer=wire.Customer,
        example=Example(path=CUSTOMER_PATH, answer=CUSTOMER),
    )
    async def get(self, call: Call[None, None]) -> wire.Customer:
        return _customer(await self._customers.get(call.actor, _customer_id(call)))

    @operation(
        "PATCH",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Change a customer",
        scope=WRITE,
        body=wire.CustomerPatch,
        answer=wire.Customer,
        example=Example(path=CUSTOMER_PATH, body={"timezone": "Europe/Berlin"}, answer=CUSTOMER),
    )
    async def update(self, call: Call[None, wire.CustomerPatch]) -> wire.Customer:
        body = call.body
        patch = CustomerPatch(name=body.name, admin_email=body.admin_email, timezone=body.timezone)
        return _customer(await self._customers.update(call.actor, _customer_id(call), patch))

    @operation(
        "DELETE",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Remove a customer",
        description="Its residents go with it. Its devices stay, and are placed nowhere.",
        scope=WRITE,
        status=204,
        example=Example(path=CUSTOMER_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        await self._customers.delete(call.actor, _customer_id(call))

    @operation(
        "GET",
        RESIDENTS,
        surface="v2",
        tag=TAG,
        summary="List the residents of a customer",
        scope=READ,
        query=Page,
        answer=ListOf[wire.Resident],
        example=Example(path=CUSTOMER_PATH, answer={"data": [RESIDENT], "next_cursor": None}),
    )
    async def list_residents(self, call: Call[Page, None]) -> ListOf[wire.Resident]:
        page = await self._customers.residents(call.actor, _customer_id(call), call.query.limit, call.query.cursor)
        return ListOf([_resident(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        RESIDENTS,
        surface="v2",
        tag=TAG,
        summary="Add a resident to a customer",
        scope=WRITE,
        status=201,
        body=wire.ResidentCreate,
        answer=wire.Resident,
        example=Example(path=CUSTOMER_PATH, body={"name": "Grace", "email": "grace@example.org"}, answer=RESIDENT),
    )
    async def create_resident(self, call: Call[None, wire.ResidentCreate]) -> wire.Resident:
        wanted = NewResident(name=call.body.name, email=call.body.email)
        return _resident(await self._customers.create_resident(call.actor, _customer_id(call), wanted))

    @operation(
        "DELETE",
        f"{RESIDENTS}/{{resident_id}}",
        surface="v2",
        tag=TAG,
        summary="Remove a resident",
        description="Their devices stay with the customer.",
        scope=WRITE,
        status=204,
        example=Example(path=CUSTOMER_PATH | {"resident_id": "res_0c2k9fq7w3r8d"}),
    )
    async def delete_resident(self, call: Call[None, None]) -> None:
        resident_id = path_id(Prefix.RESIDENT, call.path["resident_id"])
        await self._customers.delete_resident(call.actor, _customer_id(call), resident_id)

    @operation(
        "POST",
        f"{ONE}/register-unregistered-devices",
        surface="v2",
        tag=TAG,
        summary="Register the devices that wait for a customer",
        description="Those whose uplinks named the customer's tenant, at most 1,000 by one call: all of them or, where the plan "
        "has no room, none. What they said before becomes theirs a moment later.",
        scope="devices:write",
        answer=wire.RegisteredDevices,
        example=Example(path=CUSTOMER_PATH, answer={"device_ids": ["dev_0c2k9fq7w3m1x"]}),
    )
    async def register(self, call: Call[None, None]) -> wire.RegisteredDevices:
        made = await self._placements.register_pending(call.actor, _customer_id(call))
        return wire.RegisteredDevices([encode(Prefix.DEVICE, one.device.id) for one in made])

    @operation(
        "GET",
        UNREGISTERED,
        surface="v2",
        tag=TAG,
        summary="List unregistered devices",
        description="Devices that network servers spoke of and that are not registered, by EUI.",
        scope="devices:read",
        query=wire.UnregisteredQuery,
        answer=ListOf[wire.Unregistered],
        example=Example(answer={"data": [WAITING], "next_cursor": None}),
    )
    async def list_unregistered(self, call: Call[wire.UnregisteredQuery, None]) -> ListOf[wire.Unregistered]:
        query = call.query
        customer_id = body_id(Prefix.CUSTOMER, query.customer_id, "customer_id") if query.customer_id else None
        page = await self._uplinks.list_unregistered(call.actor, customer_id, query.limit, query.cursor)
        return ListOf([_unregistered(one) for one in page.items], page.next_cursor)

    @operation(
        "DELETE",
        f"{UNREGISTERED}/{{waiting_eui}}",
        surface="v2",
        tag=TAG,
        summary="Forget an unregistered device",
        description="With its readings. When it reports again it is remembered anew.",
        scope="devices:write",
        status=204,
        example=Example(path={"waiting_eui": "70b3d57ed0061f2a"}),
    )
    async def forget(self, call: Call[None, None]) -> None:
        await self._uplinks.forget_unregistered(call.actor, call.path["waiting_eui"].lower())


def _customer_id(call: Call[Any, Any]) -> CustomerId:
    return path_id(Prefix.CUSTOMER, call.path["customer_id"])


def _customer(customer: Customer) -> wire.Customer:
    return wire.Customer(
        id=encode(Prefix.CUSTOMER, customer.id),
        name=customer.name,
        admin_email=customer.admin_email,
        tenant_name=customer.tenant_name,
        timezone=customer.timezone,
        created_at=format_time(customer.created_us),
    )


def _resident(resident: Resident) -> wire.Resident:
    return wire.Resident(
        id=encode(Prefix.RESIDENT, resident.id),
        customer_id=encode(Prefix.CUSTOMER, resident.customer_id),
        name=resident.name,
        email=resident.email,
        created_at=format_time(resident.created_us),
    )


def _unregistered(one: UnregisteredDevice) -> wire.Unregistered:
    return wire.Unregistered(
        eui=one.eui,
        customer_id=None if one.customer_id is None else encode(Prefix.CUSTOMER, one.customer_id),
        device_name=one.device_name,
        tenant_name=one.tenant_name,
        network=one.network,
        first_seen_at=format_time(one.first_seen_us),
        last_seen_at=format_time(one.last_seen_us),
        readings=one.readings,
    )
