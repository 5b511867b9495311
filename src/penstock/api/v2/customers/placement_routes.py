"""The placement of devices over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, device_id_of
from penstock.api.shared.routes import Routes
from penstock.api.v2.customers.examples import PERIOD, PLACED
from penstock.api.v2.customers.translate import from_core_period
from penstock.api.v2.customers.wire import Placement, PlacementPeriod, PlacementWrite, StandingWrite
from penstock.api.v2.devices import examples
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.wire import ListOf, Page
from penstock.core.customers.models import PlacedDevice, Standing
from penstock.core.customers.placement import PlacementService
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example


class PlacementEndpoints:
    """Assign devices to customers and residents; set their standing."""

    routes = Routes("/api/v2/devices", surface="v2", tag="Customers")

    def __init__(self, placements: PlacementService) -> None:
        self._placements = placements

    @routes.get(
        "/{device_id}/placement",
        scope="devices:read",
        of_customer=True,
        example=Example(path=examples.DEVICE_PATH, answer=PLACED),
    )
    async def get(self, call: Call[None, None]) -> Placement:
        """Get the placement of a device."""
        return self._to_wire(await self._placements.get_by_id(call.actor, device_id_of(call)))

    @routes.put(
        "/{device_id}/placement",
        scope="devices:write",
        example=Example(
            path=examples.DEVICE_PATH, body={"resident_id": "res_0c2k9fq7w3r8d", "from": "2026-05-01T00:00:00Z"}, answer=PLACED
        ),
    )
    async def put(self, call: Call[None, PlacementWrite]) -> Placement:
        """Assign a device to a customer or a resident.

        A device assigned to a resident is also assigned to the resident's customer. A resident who signs in can see the device
        from then on, and the previous resident no longer can.

        Consumption belongs to the customer and resident of its time. With `from` in the past, the placement replaces what was
        recorded after it; if it is the current placement, `from` corrects when that began.
        """
        body = call.body
        customer_id = body_id(Prefix.CUSTOMER, body.customer_id, "customer_id") if body.customer_id else None
        resident_id = body_id(Prefix.RESIDENT, body.resident_id, "resident_id") if body.resident_id else None
        from_us = None if body.from_ is None else parse_moment(body.from_, "from")
        placed = await self._placements.place(call.actor, device_id_of(call), customer_id, resident_id, from_us)
        return self._to_wire(placed)

    @routes.get(
        "/{device_id}/placements",
        scope="devices:read",
        example=Example(path=examples.DEVICE_PATH, answer={"data": [PERIOD], "next_cursor": None}),
    )
    async def history(self, call: Call[Page, None]) -> ListOf[PlacementPeriod]:
        """List the placements of a device.

        The latest comes first.
        """
        page = await self._placements.history(call.actor, device_id_of(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_period(one) for one in page.items], page.next_cursor)

    @routes.delete(
        "/{device_id}/placement",
        scope="devices:write",
        status=204,
        example=Example(path=examples.DEVICE_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Remove the placement of a device."""
        await self._placements.place(call.actor, device_id_of(call), None, None)

    @routes.put(
        "/{device_id}/standing",
        scope="devices:write",
        example=Example(path=examples.DEVICE_PATH, body={"status": "maintenance"}, answer=PLACED | {"status": "maintenance"}),
    )
    async def set_standing(self, call: Call[None, StandingWrite]) -> Placement:
        """Set the standing of a device.

        While a device is in maintenance, its connectivity events state so, and rules can exclude them.
        """
        return self._to_wire(await self._placements.mark_by_id(call.actor, device_id_of(call), Standing(call.body.status)))

    def _to_wire(self, found: PlacedDevice) -> Placement:
        placement = found.placement
        return Placement(
            device_id=encode(Prefix.DEVICE, found.device.id),
            customer_id=None if placement.customer_id is None else encode(Prefix.CUSTOMER, placement.customer_id),
            resident_id=None if placement.resident_id is None else encode(Prefix.RESIDENT, placement.resident_id),
            status=self._placements.standing(found).value,
            from_=format_time(found.since_us) if found.since_us else None,
        )
