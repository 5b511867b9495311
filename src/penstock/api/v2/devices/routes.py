"""Devices over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import device_id_of
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices import examples, wire
from penstock.api.v2.devices.translate import (
    from_core_device,
    from_core_summary,
    to_core_device,
    to_core_device_patch,
    to_core_filter,
)
from penstock.api.v2.wire import ListOf
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Device, DeviceSort, DeviceStatus, Identifier, IdentifierKind
from penstock.core.devices.service import DeviceService
from penstock.core.telemetry.latest import LatestReadings
from penstock.kit.clock import Clock
from penstock.kit.operation import Example


class DeviceEndpoints:
    """Create, read, update and delete devices; pause and resume them, and issue new tokens."""

    routes = Routes("/api/v2/devices", surface="v2", tag="Devices")

    def __init__(self, devices: DeviceService, latest: LatestReadings, clock: Clock) -> None:
        self._devices = devices
        self._latest = latest
        self._clock = clock

    @routes.get(
        scope="devices:read",
        of_customer=True,
        of_project=True,
        example=Example(query={"status": "active", "limit": "2"}, answer=examples.DEVICES),
    )
    async def list(self, call: Call[wire.DeviceQuery, None]) -> ListOf[wire.Device]:
        """List devices.

        By default newest first. Filters are combined with AND. `connection_id` requires the scope `connections:read`, `has_alert`
        the scope `alerts:read`.
        """
        query = call.query
        if query.connection_id is not None:
            call.actor.require("connections:read")
        if query.has_alert is not None:
            call.actor.require("alerts:read")
        page = await self._devices.list(call.actor, to_core_filter(query), query.limit, query.cursor, DeviceSort(query.sort))
        return ListOf([self._to_wire(device) for device in page.items], page.next_cursor)

    @routes.post(
        scope="devices:write",
        of_project=True,
        status=201,
        example=Example(body=examples.NEW_DEVICE, answer=examples.CREATED_DEVICE),
    )
    async def create(self, call: Call[None, wire.DeviceCreate]) -> wire.CreatedDevice:
        """Create a device.

        The response contains the device's access token, once. With an `Idempotency-Key` the same request can be sent again and
        returns the same response.
        """
        created = await self._devices.create(call.actor, to_core_device(call.body))
        return wire.CreatedDevice(self._to_wire(created.device), created.access_token)

    @routes.get("/summary", scope="devices:read", of_project=True, example=Example(answer=examples.SUMMARY))
    async def summary(self, call: Call[None, None]) -> wire.FleetSummary:
        """Count devices.

        By connectivity, as it was stored a few seconds ago. Paused devices are counted in each number.
        """
        return from_core_summary(await self._devices.summary(call.actor))

    @routes.get(
        "/by-identifier/{kind}/{value}",
        scope="devices:read",
        of_project=True,
        example=Example(path={"kind": "eui", "value": "70b3d57ed0061f2a"}, answer=examples.DEVICE),
    )
    async def get_by_identifier(self, call: Call[None, None]) -> wire.Device:
        """Get a device by an identifier.

        `kind` is eui, mac, serial or external. EUIs and MAC addresses are accepted in any notation.
        """
        kind, value = call.path["kind"], call.path["value"]
        # 404 and not 400: an unknown kind identifies no device, as an unknown value does not.
        if kind not in tuple(IdentifierKind):
            raise DeviceNotFound(device_id=value[:64])  # shortened, because the value is the caller's input
        requested = Identifier(kind=IdentifierKind(kind), value=value)
        return self._to_wire(await self._devices.get_by_identifier(call.actor, requested))

    @routes.get(
        "/{device_id}",
        scope="devices:read",
        of_customer=True,
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer=examples.DEVICE),
    )
    async def get(self, call: Call[None, None]) -> wire.Device:
        """Get a device."""
        return self._to_wire(await self._devices.get(call.actor, device_id_of(call)))

    @routes.patch(
        "/{device_id}",
        scope="devices:write",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, body={"name": "Cold room 2", "location": None}, answer=examples.DEVICE),
    )
    async def update(self, call: Call[None, wire.DevicePatch]) -> wire.Device:
        """Change a device.

        Omitted fields are unchanged. Objects and lists are replaced as a whole.
        """
        patch = to_core_device_patch(call.body)
        return self._to_wire(await self._devices.update(call.actor, device_id_of(call), patch))

    @routes.delete(
        "/{device_id}",
        scope="devices:write",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a device and its readings.

        The device is removed immediately; its readings are removed from all segments soon after. Of a meter that had a customer,
        the counter's values are kept for the consumption of its past.
        """
        await self._devices.delete(call.actor, device_id_of(call))

    @routes.post(
        "/{device_id}/pause",
        scope="devices:write",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer=examples.DEVICE | {"status": "paused"}),
    )
    async def pause(self, call: Call[None, None]) -> wire.Device:
        """Pause a device.

        Readings of a paused device are rejected; its configuration and stored readings are kept.
        """
        return self._to_wire(await self._devices.set_status(call.actor, device_id_of(call), DeviceStatus.PAUSED))

    @routes.post(
        "/{device_id}/resume",
        scope="devices:write",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer=examples.DEVICE),
    )
    async def resume(self, call: Call[None, None]) -> wire.Device:
        """Resume a paused device."""
        return self._to_wire(await self._devices.set_status(call.actor, device_id_of(call), DeviceStatus.ACTIVE))

    @routes.post(
        "/{device_id}/token",
        scope="devices:write",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer=examples.CREATED_DEVICE),
    )
    async def regenerate_token(self, call: Call[None, None]) -> wire.CreatedDevice:
        """Issue a new access token for a device.

        The previous token becomes invalid before the response arrives. The new one is returned only here.
        """
        created = await self._devices.regenerate_token(call.actor, device_id_of(call))
        return wire.CreatedDevice(self._to_wire(created.device), created.access_token)

    def _to_wire(self, device: Device) -> wire.Device:
        # The stored time follows with a delay, because readings are processed in batches.
        device = self._latest.with_last_seen(device)
        return from_core_device(device, device.connectivity(self._clock.now_us(), self._devices.offline_after_us))
