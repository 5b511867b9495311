"""Where devices belong, over the native API."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.v2 import examples
from penstock.api.v2.wire import Id
from penstock.core.customers.models import PlacedDevice, Standing
from penstock.core.customers.placement import PlacementService
from penstock.kit.ids import DeviceId, Prefix, encode
from penstock.kit.operation import Example, operation

PATH = "/api/v2/devices/{device_id}/placement"
STATUS = "/api/v2/devices/{device_id}/standing"
StandingName = Literal["online", "offline", "maintenance"]


class PlacementWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """With whom to place a device: a customer, or a resident and with them their customer."""

    customer_id: Id | None = None
    resident_id: Id | None = None


class StandingWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """How a device stands. `online` takes back what was said before."""

    status: StandingName


class Placement(Struct, frozen=True):
    """Where a device belongs, and how it stands: online, offline, or in maintenance, which is only said by hand."""

    device_id: str
    customer_id: str | None
    resident_id: str | None
    status: str


PLACED = {
    "device_id": "dev_0c2k9fq7w3m1x",
    "customer_id": "cus_0c2k9fq7w3c5d",
    "resident_id": "res_0c2k9fq7w3r8d",
    "status": "online",
}


class PlacementEndpoints:
    """Devices with customers and residents."""

    def __init__(self, placements: PlacementService) -> None:
        self._placements = placements

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag="Customers",
        summary="Get where a device belongs",
        scope="devices:read",
        answer=Placement,
        example=Example(path=examples.DEVICE_PATH, answer=PLACED),
    )
    async def get(self, call: Call[None, None]) -> Placement:
        return self._shown(await self._placements.get_by_id(call.actor, _device_id(call)))

    @operation(
        "PUT",
        PATH,
        surface="v2",
        tag="Customers",
        summary="Place a device with a customer or a resident",
        description="With a resident it is with the resident's customer. A resident who signs in sees the device from then on, "
        "and the one before no longer.",
        scope="devices:write",
        body=PlacementWrite,
        answer=Placement,
        example=Example(path=examples.DEVICE_PATH, body={"customer_id": "cus_0c2k9fq7w3c5d"}, answer=PLACED),
    )
    async def put(self, call: Call[None, PlacementWrite]) -> Placement:
        body = call.body
        customer_id = body_id(Prefix.CUSTOMER, body.customer_id, "customer_id") if body.customer_id else None
        resident_id = body_id(Prefix.RESIDENT, body.resident_id, "resident_id") if body.resident_id else None
        return self._shown(await self._placements.place(call.actor, _device_id(call), customer_id, resident_id))

    @operation(
        "DELETE",
        PATH,
        surface="v2",
        tag="Customers",
        summary="Place a device nowhere",
        scope="devices:write",
        status=204,
        example=Example(path=examples.DEVICE_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        await self._placements.place(call.actor, _device_id(call), None, None)

    @operation(
        "PUT",
        STATUS,
        surface="v2",
        tag="Customers",
        summary="Say how a device stands",
        description="In maintenance, events of its connectivity say so, and rules can leave them out.",
        scope="devices:write",
        body=StandingWrite,
        answer=Placement,
        example=Example(path=examples.DEVICE_PATH, body={"status": "maintenance"}, answer=PLACED | {"status": "maintenance"}),
    )
    async def stand(self, call: Call[None, StandingWrite]) -> Placement:
        return self._shown(await self._placements.mark_by_id(call.actor, _device_id(call), Standing(call.body.status)))

    def _shown(self, found: PlacedDevice) -> Placement:
        placement = found.placement
        return Placement(
            device_id=encode(Prefix.DEVICE, found.device.id),
            customer_id=None if placement.customer_id is None else encode(Prefix.CUSTOMER, placement.customer_id),
            resident_id=None if placement.resident_id is None else encode(Prefix.RESIDENT, placement.resident_id),
            status=self._placements.standing(found).value,
        )


def _device_id(call: Call[Any, Any]) -> DeviceId:
    return path_id(Prefix.DEVICE, call.path["device_id"])
