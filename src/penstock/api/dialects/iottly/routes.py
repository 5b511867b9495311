"""Iottly's endpoints for projects, licences and devices: decode, call, encode."""

from __future__ import annotations

import re
from typing import Any

from penstock.api.dialects.iottly import examples, wire
from penstock.api.dialects.iottly.places import Places
from penstock.api.dialects.iottly.translate import from_core_device, from_core_licenses, from_core_project, is_connected
from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.core.actor import Actor
from penstock.core.agents.service import AgentService
from penstock.core.devices.models import Device, DeviceFilter, DevicePatch, NewDevice
from penstock.core.devices.presence import DevicePresence
from penstock.core.devices.service import DeviceService
from penstock.core.licenses.service import LicenseService
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.tenancy.config import InstallerConfig
from penstock.core.tenancy.models import Project
from penstock.kit.clock import Clock
from penstock.kit.http import Scope, header
from penstock.kit.operation import Example

AGENT_TYPE = "agent"
"""The type of devices that the vendor's installer creates."""
_HOST = re.compile(rb"[A-Za-z0-9.:\[\]-]{1,255}")
_PAGE = 1_000


class IottlyEndpoints:
    """Projects, licences and devices."""

    routes = Routes("/v1.0/project", surface="iottly", tag="Iottly")

    def __init__(
        self,
        *,
        places: Places,
        devices: DeviceService,
        licenses: LicenseService,
        pairing: AgentService,
        presence: DevicePresence,
        latest: LatestReadings,
        installer: InstallerConfig,
        clock: Clock,
    ) -> None:
        self._places = places
        self._devices = devices
        self._licenses = licenses
        self._pairing = pairing
        self._presence = presence
        self._latest = latest
        self._installer = installer
        self._clock = clock

    @routes.get(
        "/ping",
        scope="profile:read",
        of_project=True,
        example=Example(answer={"status": "pong"}),
    )
    async def ping(self, call: Call[None, None]) -> wire.Pong:
        """Check connection and key (Iottly)."""
        return wire.Pong("pong")

    @routes.get(
        "/{project_alias}/inspect",
        scope="organization:read",
        of_project=True,
        example=Example(path=examples.PROJECT_PATH, answer=examples.PROJECT),
    )
    async def inspect(self, call: Call[None, None]) -> wire.Project:
        """Get a project (Iottly).

        Includes what an installer needs for its agents.
        """
        return from_core_project(await self._places.project(call), self._installer, _origin(call.scope))

    @routes.get(
        "/{project_alias}/license",
        scope="devices:read",
        of_project=True,
        example=Example(path=examples.PROJECT_PATH, answer=examples.LICENSES),
    )
    async def list_licenses(self, call: Call[None, None]) -> dict[str, wire.License]:
        """List licences (Iottly).

        Keyed by token. `board` is empty if a licence is available.
        """
        project = await self._places.project(call)
        found = await self._licenses.list_all(call.actor, project.id)
        boards = {device.id: self._to_wire(device) for device in await self._all_devices(call.actor, project)}
        return from_core_licenses(found, boards)

    @routes.get(
        "/{project_alias}/license/{license_id}",
        scope="devices:read",
        of_project=True,
        example=Example(
            path=examples.PROJECT_PATH | {"license_id": examples.LICENSE_ID},
            answer={examples.LICENSE_ID: examples.LICENSES[examples.LICENSE_ID]},
        ),
    )
    async def get_license(self, call: Call[None, None]) -> dict[str, wire.License]:
        """Get a licence (Iottly).

        In the format of the list, with a single entry.
        """
        project = await self._places.project(call)
        found = await self._licenses.get(call.actor, project.id, call.path["license_id"])
        boards = {}
        if found.device_id is not None:
            boards[found.device_id] = self._to_wire(await self._devices.get(call.actor, found.device_id))
        return from_core_licenses([found], boards)

    @routes.get(
        "/{project_alias}/devices/props",
        scope="devices:read",
        of_project=True,
        example=Example(path=examples.PROJECT_PATH, answer=examples.DEVICES),
    )
    async def list_devices(self, call: Call[None, None]) -> wire.Devices:
        """List devices (Iottly).

        All devices of a project, newest first.
        """
        project = await self._places.project(call)
        tokens = {one.device_id: one.id for one in await self._licenses.list_all(call.actor, project.id)}
        found = await self._all_devices(call.actor, project)
        devices = [self._to_wire(device, tokens.get(device.id, "")) for device in found]
        return wire.Devices(len(devices), None, devices)

    @routes.get(
        "/{project_alias}/device/{device_uuid}/props",
        scope="devices:read",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer=examples.DEVICE),
    )
    async def get_device(self, call: Call[None, None]) -> wire.Device:
        """Get a device (Iottly)."""
        _, device = await self._places.device(call)
        return await self._with_token(call.actor, device)

    @routes.put(
        "/{project_alias}/device/{device_uuid}/props",
        scope="devices:write",
        of_project=True,
        example=Example(
            path=examples.DEVICE_PATH, body={"name": "pump house 3"}, answer=examples.DEVICE | {"name": "pump house 3"}
        ),
    )
    async def edit_device(self, call: Call[None, wire.DeviceEdit]) -> wire.Device:
        """Rename a device (Iottly).

        Returns the whole device.
        """
        _, device = await self._places.device(call)
        return await self._with_token(
            call.actor, await self._devices.update(call.actor, device.id, DevicePatch(name=call.body.name))
        )

    @routes.post(
        "/{project_alias}/device",
        scope="devices:write",
        of_project=True,
        example=Example(
            path=examples.PROJECT_PATH,
            body={"name": "pump house 2"},
            answer={"pair_code": "8d0f3a6be1c94f72b5a8d9e0c7f61324"},
        ),
    )
    async def create_device(self, call: Call[None, wire.DeviceEdit]) -> wire.PairCode:
        """Create a device (Iottly).

        As the vendor's installer does; a trailing slash and a form's content type are accepted. The agent authenticates with the
        pair code, once.
        """
        project = await self._places.project(call)
        new = NewDevice(name=call.body.name, type=AGENT_TYPE, project_id=project.id)
        return wire.PairCode((await self._pairing.create_device(call.actor, new)).code)

    async def _all_devices(self, actor: Actor, project: Project) -> list[Device]:
        found: list[Device] = []
        cursor = None
        while True:
            page = await self._devices.list(actor, DeviceFilter(project_id=project.id), _PAGE, cursor)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                return found

    async def _with_token(self, actor: Actor, device: Device) -> wire.Device:
        licence = await self._licenses.find_of_device(actor, device.id)
        return self._to_wire(device, licence.id if licence else "")

    def _to_wire(self, device: Device, token: str = "") -> wire.Device:
        device = self._latest.with_last_seen(device)
        presence, now_us = self._presence.find(device.id), self._clock.now_us()
        connected = is_connected(device, presence, now_us, self._devices.offline_after_us)
        return from_core_device(device, token, connected=connected)


def _origin(scope: Scope) -> str:
    """Scheme and host of the request. An invalid host is omitted, because it would be part of the response."""
    host: Any = header(scope, b"host") or b""
    return f"{scope['scheme']}://{host.decode()}" if _HOST.fullmatch(host) else ""
