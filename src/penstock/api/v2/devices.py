"""Devices over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.idempotency import idempotency_of
from penstock.api.v2 import examples, wire
from penstock.api.v2.translate import from_core_device, to_core_device, to_core_device_patch, to_core_filter
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Device, DeviceStatus, Identifier, IdentifierKind
from penstock.core.devices.service import DeviceService
from penstock.core.telemetry.latest import LatestReadings
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, Prefix
from penstock.kit.operation import Example, operation

TAG = "Devices"
PATH = "/api/v2/devices"


class DeviceEndpoints:
    """Create, read, update and delete devices; pause, resume, and give new tokens."""

    def __init__(self, devices: DeviceService, latest: LatestReadings, clock: Clock) -> None:
        self._devices = devices
        self._latest = latest
        self._clock = clock

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List devices",
        description="Newest first. Filters are combined with and.",
        scope="devices:read",
        of_project=True,
        query=wire.DeviceQuery,
        answer=wire.ListOf[wire.Device],
        example=Example(query={"status": "active", "limit": "2"}, answer=examples.DEVICES),
    )
    async def list(self, call: Call[wire.DeviceQuery, None]) -> wire.ListOf[wire.Device]:
        page = await self._devices.list(call.actor, to_core_filter(call.query), call.query.limit, call.query.cursor)
        return wire.ListOf([self._shown(device) for device in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Create a device",
        description="The answer shows the device's access token, once. With an `Idempotency-Key` the same request can be "
        "sent again and gets the same answer.",
        scope="devices:write",
        of_project=True,
        status=201,
        body=wire.DeviceCreate,
        answer=wire.CreatedDevice,
        headers={"Idempotency-Key": "A name for this request of 1 to 255 characters, good for 24 hours."},
        example=Example(body=examples.NEW_DEVICE, answer=examples.CREATED_DEVICE),
    )
    async def create(self, call: Call[None, wire.DeviceCreate]) -> wire.CreatedDevice:
        created = await self._devices.create(call.actor, to_core_device(call.body), idempotency_of(call))
        return wire.CreatedDevice(self._shown(created.device), created.access_token)

    @operation(
        "GET",
        f"{PATH}/by-identifier/{{kind}}/{{value}}",
        surface="v2",
        tag=TAG,
        summary="Find a device by an identifier",
        description="`kind` is eui, mac, serial or external. EUIs and MAC addresses are found in any spelling.",
        scope="devices:read",
        of_project=True,
        answer=wire.Device,
        example=Example(path={"kind": "eui", "value": "70b3d57ed0061f2a"}, answer=examples.DEVICE),
    )
    async def get_by_identifier(self, call: Call[None, None]) -> wire.Device:
        kind, value = call.path["kind"], call.path["value"]
        if kind not in tuple(IdentifierKind):
            raise DeviceNotFound(device_id=value[:64])
        wanted = Identifier(kind=IdentifierKind(kind), value=value)
        return self._shown(await self._devices.get_by_identifier(call.actor, wanted))

    @operation(
        "GET",
        f"{PATH}/{{device_id}}",
        surface="v2",
        tag=TAG,
        summary="Get a device",
        scope="devices:read",
        of_project=True,
        answer=wire.Device,
        example=Example(path=examples.DEVICE_PATH, answer=examples.DEVICE),
    )
    async def get(self, call: Call[None, None]) -> wire.Device:
        return self._shown(await self._devices.get(call.actor, _device_id(call)))

    @operation(
        "PATCH",
        f"{PATH}/{{device_id}}",
        surface="v2",
        tag=TAG,
        summary="Change a device",
        description="A field that is left out stays as it is. Objects and lists are replaced whole.",
        scope="devices:write",
        of_project=True,
        body=wire.DevicePatch,
        answer=wire.Device,
        example=Example(path=examples.DEVICE_PATH, body={"name": "Cold room 2", "location": None}, answer=examples.DEVICE),
    )
    async def update(self, call: Call[None, wire.DevicePatch]) -> wire.Device:
        patch = to_core_device_patch(call.body)
        return self._shown(await self._devices.update(call.actor, _device_id(call), patch))

    @operation(
        "DELETE",
        f"{PATH}/{{device_id}}",
        surface="v2",
        tag=TAG,
        summary="Delete a device and its readings",
        description="The device is gone everywhere at once; its readings are removed from every segment soon after.",
        scope="devices:write",
        of_project=True,
        status=204,
        example=Example(path=examples.DEVICE_PATH),
    )
    async def delete(self, call: Call[None, None]) -> Answer:
        await self._devices.delete(call.actor, _device_id(call))
        return Answer()

    @operation(
        "POST",
        f"{PATH}/{{device_id}}/pause",
        surface="v2",
        tag=TAG,
        summary="Pause a device",
        description="A paused device may not report; its configuration and readings stay.",
        scope="devices:write",
        of_project=True,
        answer=wire.Device,
        example=Example(path=examples.DEVICE_PATH, answer=examples.DEVICE | {"status": "paused"}),
    )
    async def pause(self, call: Call[None, None]) -> wire.Device:
        return self._shown(await self._devices.set_status(call.actor, _device_id(call), DeviceStatus.PAUSED))

    @operation(
        "POST",
        f"{PATH}/{{device_id}}/resume",
        surface="v2",
        tag=TAG,
        summary="Resume a paused device",
        scope="devices:write",
        of_project=True,
        answer=wire.Device,
        example=Example(path=examples.DEVICE_PATH, answer=examples.DEVICE),
    )
    async def resume(self, call: Call[None, None]) -> wire.Device:
        return self._shown(await self._devices.set_status(call.actor, _device_id(call), DeviceStatus.ACTIVE))

    @operation(
        "POST",
        f"{PATH}/{{device_id}}/token",
        surface="v2",
        tag=TAG,
        summary="Give a device a new access token",
        description="The old token is dead when the answer arrives. The new one is shown only here.",
        scope="devices:write",
        of_project=True,
        answer=wire.CreatedDevice,
        example=Example(path=examples.DEVICE_PATH, answer=examples.CREATED_DEVICE),
    )
    async def regenerate_token(self, call: Call[None, None]) -> wire.CreatedDevice:
        created = await self._devices.regenerate_token(call.actor, _device_id(call))
        return wire.CreatedDevice(self._shown(created.device), created.access_token)

    def _shown(self, device: Device) -> wire.Device:
        device = self._latest.with_last_seen(device)
        return from_core_device(device, device.connectivity(self._clock.now_us(), self._devices.offline_after_us))


def _device_id(call: Call[Any, Any]) -> DeviceId:
    return path_id(Prefix.DEVICE, call.path["device_id"])
