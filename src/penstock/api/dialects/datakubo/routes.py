"""DataKubo's endpoints: decode, call, encode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.api.dialects.datakubo import examples, wire
from penstock.api.dialects.datakubo.translate import (
    from_core_bill,
    from_core_customer,
    from_core_device,
    from_core_uplink,
    normalised,
    to_core_customer,
    to_core_resident_id,
    to_core_values,
)
from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.core.billing.service import BillingService
from penstock.core.customers.models import PlacedDevice, Standing
from penstock.core.customers.placement import PlacementService
from penstock.core.customers.service import CustomerService
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage
from penstock.core.uplinks.service import UplinkService
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example
from penstock.kit.paging import all_items
from penstock.kit.uuids import from_uuid

AT_ONCE = 1_000
"""The vendor's list of customers is not paginated."""
MAX_UPLINK_BYTES = 262_144
ReadMessage = Callable[[dict[str, Any], str | None], NetworkMessage]


class DataKuboEndpoints:
    """Devices, uplinks, customers and the bill."""

    routes = Routes("/api/v1", surface="datakubo", tag="DataKubo")

    def __init__(
        self,
        *,
        placements: PlacementService,
        uplinks: UplinkService,
        customers: CustomerService,
        billing: BillingService,
        read_message: ReadMessage,
    ) -> None:
        self._placements = placements
        self._uplinks = uplinks
        self._customers = customers
        self._billing = billing
        self._read_message = read_message

    @routes.post(
        "/devices/register",
        scope="devices:write",
        status=201,
        example=Example(body=examples.REGISTER, answer=examples.success(examples.DEVICE)),
    )
    async def register(self, call: Call[None, wire.RegisterDevice]) -> wire.Success[wire.Device]:
        """Register a device (DataKubo).

        Readings from before the registration are assigned to the device shortly afterwards.
        """
        body = call.body
        return self._to_wire(await self._placements.register(call.actor, body.dev_eui, body.device_name, body.device_type))

    @routes.get(
        "/devices",
        scope="devices:read",
        example=Example(query={"status": "online", "limit": "50"}, answer=examples.success([examples.DEVICE])),
    )
    async def list_devices(self, call: Call[wire.DevicesQuery, None]) -> wire.Success[list[wire.Device]]:
        """List devices (DataKubo).

        Those with an EUI, newest first, paginated by offset.
        """
        query = call.query
        standing = Standing(query.status) if query.status else None
        found = await self._placements.page(call.actor, standing, query.limit, query.offset)
        return wire.Success("success", [from_core_device(one, self._placements.standing(one)) for one in found])

    @routes.get(
        "/devices/{dev_eui}",
        scope="devices:read",
        refuses=(400,),
        example=Example(path=examples.DEVICE_PATH, answer=examples.success(examples.DEVICE)),
    )
    async def get_device(self, call: Call[None, None]) -> wire.Success[wire.Device]:
        """Get a device by EUI (DataKubo).

        The EUI can be in upper or lower case.
        """
        return self._to_wire(await self._placements.get(call.actor, call.path["dev_eui"]))

    @routes.put(
        "/devices/{dev_eui}/assign",
        scope="devices:write",
        example=Example(
            path=examples.DEVICE_PATH,
            body={"end_user_id": examples.RESIDENT_ID},
            answer=examples.success(examples.DEVICE | {"end_user_id": examples.RESIDENT_ID}),
        ),
    )
    async def assign(self, call: Call[None, wire.AssignDevice]) -> wire.Success[wire.Device]:
        """Assign a device to a resident (DataKubo).

        The device is then also assigned to the resident's customer. With null it is assigned to no resident, and stays the
        customer's. The UUIDs of residents are in `GET /api/v2/customers/{customer_id}/residents`.
        """
        resident_id = to_core_resident_id(call.body.end_user_id)
        return self._to_wire(await self._placements.assign(call.actor, call.path["dev_eui"], resident_id))

    @routes.put(
        "/devices/{dev_eui}/status",
        scope="devices:write",
        example=Example(
            path=examples.DEVICE_PATH,
            body={"status": "maintenance"},
            answer=examples.success(examples.DEVICE | {"status": "maintenance"}),
        ),
    )
    async def set_status(self, call: Call[None, wire.SetStatus]) -> wire.Success[wire.Device]:
        """Set the status of a device (DataKubo).

        `maintenance` remains until you set `online`; `offline` ends with the next reading.
        """
        return self._to_wire(await self._placements.mark(call.actor, call.path["dev_eui"], Standing(call.body.status)))

    @routes.post(
        "/ingest/water-consumption",
        scope="telemetry:write",
        idempotent=False,
        max_body_bytes=MAX_UPLINK_BYTES,
        example=Example(body=examples.UPLINK, answer=examples.success(examples.INGESTED)),
    )
    async def ingest(
        self, call: Call[wire.IngestQuery, dict[str, Any]]
    ) -> wire.Success[wire.Ingested] | wire.Success[wire.Skipped]:
        """Ingest water consumption (DataKubo).

        Accepts the bodies of ChirpStack 4 and 3, of The Things Stack 3, and your own JSON with `dev_eui` and `consumption_m3`. A
        message without decoded values, or about an event other than an uplink, is skipped with 200. For a device that is not
        registered, the reading is stored until it is.
        """
        message = await self._uplinks.decode(call.actor.org_id, self._read_message(call.body, call.query.event))
        reason = _nothing_in(message)
        if reason:
            await self._uplinks.skip(call.actor, message)
            return wire.Success("success", wire.Skipped(skipped=True, reason=reason))
        divided = self._uplinks.divide(message)
        if divided is not None:
            divided, measured = normalised(divided)
            taken = await self._uplinks.take_all(call.actor, message, divided)
        else:
            measured, values = to_core_values(message)
            taken = await self._uplinks.take(call.actor, message, values)
        return wire.Success("success", from_core_uplink(taken, measured))

    @routes.get(
        "/customers",
        scope="customers:read",
        example=Example(answer=examples.success([examples.CUSTOMER])),
    )
    async def list_customers(self, call: Call[None, None]) -> wire.Success[list[wire.Customer]]:
        """List customers (DataKubo)."""
        found = await all_items(lambda cursor: self._customers.list(call.actor, AT_ONCE, cursor))
        return wire.Success("success", [from_core_customer(one) for one in found])

    @routes.post(
        "/customers",
        scope="customers:write",
        status=201,
        example=Example(body=examples.CREATE_CUSTOMER, answer=examples.success(examples.CUSTOMER)),
    )
    async def create_customer(self, call: Call[None, wire.CreateCustomer]) -> wire.Success[wire.Customer]:
        """Create a customer (DataKubo).

        Uplinks that name its tenant are routed to it.
        """
        created = await self._customers.create(call.actor, to_core_customer(call.body))
        return wire.Success("success", from_core_customer(created))

    @routes.post(
        "/customers/{customer_uuid}/register-unregistered-devices",
        scope="devices:write",
        example=Example(
            path=examples.CUSTOMER_PATH,
            answer=examples.success({"registered": 1, "devices": [examples.DEVICE], "has_more": False}),
        ),
    )
    async def register_unregistered(self, call: Call[None, None]) -> wire.Success[wire.Registered]:
        """Register the unregistered devices of a customer (DataKubo).

        Registers the devices whose uplinks named the customer's tenant, at most 1,000 per call; `has_more` says that others wait.
        If the plan's limit of devices does not allow all of them, none is registered.
        """
        customer_id = from_uuid(Prefix.CUSTOMER, call.path["customer_uuid"])
        made, has_more = await self._placements.register_pending(call.actor, customer_id)
        shown = [from_core_device(one, self._placements.standing(one)) for one in made]
        return wire.Success("success", wire.Registered(len(shown), shown, has_more))

    @routes.get(
        "/reseller/billing",
        scope="billing:read",
        example=Example(answer=examples.success(examples.BILL)),
    )
    async def get_bill(self, call: Call[None, None]) -> wire.Success[wire.Bill]:
        """Get the billing summary (DataKubo).

        The calendar month in UTC, to date. A device is active if it reported at least once in that month.
        """
        return wire.Success("success", from_core_bill(await self._billing.summary(call.actor)))

    def _to_wire(self, found: PlacedDevice) -> wire.Success[wire.Device]:
        return wire.Success("success", from_core_device(found, self._placements.standing(found)))


def _nothing_in(message: NetworkMessage) -> str | None:
    """The reason why a message contains no reading; None if it contains one."""
    if message.kind is not EventKind.UPLINK:
        return f"not an uplink but {message.kind.value}"
    # The author of a custom body is to get an error that names the missing fields.
    if message.network is Network.CUSTOM:
        return None
    # With `codec` a codec ran and failed: the payload is stored nevertheless, because a server never resends it.
    return None if message.values or message.codec else "no decoded payload"
