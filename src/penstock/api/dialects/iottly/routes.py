"""Iottly's endpoints for projects, licences and devices: decode, call, encode."""

from __future__ import annotations

import re
from typing import Any

from penstock.api.dialects.iottly import examples, wire
from penstock.api.dialects.iottly.places import Places
from penstock.api.dialects.iottly.translate import from_core_device, from_core_licenses, from_core_project, is_connected
from penstock.api.shared.call import Call
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
from penstock.kit.operation import Example, operation

SURFACE = "iottly"
TAG = "Iottly"
PROJECT = "/v1.0/project/{project_alias}"
DEVICE = PROJECT + "/device/{device_uuid}"
AGENT_TYPE = "agent"
"""The type of devices that are made by the vendor's installer."""
_HOST = re.compile(rb"[A-Za-z0-9.:\[\]-]{1,255}")
_PAGE = 1_000


class IottlyEndpoints:
    """Projects, licences and devices."""

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

    @operation(
        "GET",
        "/v1.0/project/ping",
        surface=SURFACE,
        tag=TAG,
        summary="Check connection and key (Iottly)",
        scope="profile:read",
        answer=wire.Pong,
        example=Example(answer={"status": "pong"}),
    )
    async def ping(self, call: Call[None, None]) -> wire.Pong:
        return wire.Pong("pong")

    @operation(
        "GET",
        PROJECT + "/inspect",
        surface=SURFACE,
        tag=TAG,
        summary="Get a project (Iottly)",
        description="With what an installer needs of its agents.",
        scope="organization:read",
        answer=wire.Project,
        example=Example(path=examples.PROJECT_PATH, answer=examples.PROJECT),
    )
    async def inspect(self, call: Call[None, None]) -> wire.Project:
        return from_core_project(await self._places.project(call), self._installer, _origin(call.scope))

    @operation(
        "GET",
        PROJECT + "/license",
        surface=SURFACE,
        tag=TAG,
        summary="List licences (Iottly)",
        description="By their tokens. `board` is empty while a licence is available.",
        scope="devices:read",
        answer=dict[str, wire.License],
        example=Example(path=examples.PROJECT_PATH, answer=examples.LICENSES),
    )
    async def list_licenses(self, call: Call[None, None]) -> dict[str, wire.License]:
        project = await self._places.project(call)
        found = await self._licenses.list_all(call.actor, project.id)
        boards = {device.id: self._shown(device) for device in await self._all_devices(call.actor, project)}
        return from_core_licenses(found, boards)

    @operation(
        "GET",
        PROJECT + "/license/{license_id}",
        surface=SURFACE,
        tag=TAG,
        summary="Get a licence (Iottly)",
        description="In the same form, as the only entry.",
        scope="devices:read",
        answer=dict[str, wire.License],
        example=Example(
            path=examples.PROJECT_PATH | {"license_id": examples.LICENSE_ID},
            answer={examples.LICENSE_ID: examples.LICENSES[examples.LICENSE_ID]},
        ),
    )
    async def get_license(self, call: Call[None, None]) -> dict[str, wire.License]:
        project = await self._places.project(call)
        found = await self._licenses.get(call.actor, project.id, call.path["license_id"])
        boards = {}
        if found.device_id is not None:
            boards[found.device_id] = self._shown(await self._devices.get(call.actor, found.device_id))
        return from_core_licenses([found], boards)

    @operation(
        "GET",
        PROJECT + "/devices/props",
        surface=SURFACE,
        tag=TAG,
        summary="List devices (Iottly)",
        description="All of a project, newest first.",
        scope="devices:read",
        answer=wire.Devices,
        example=Example(path=examples.PROJECT_PATH, answer=examples.DEVICES),
    )
    async def list_devices(self, call: Call[None, None]) -> wire.Devices:
        project = await self._places.project(call)
        tokens = {one.device_id: one.id for one in await self._licenses.list_all(call.actor, project.id)}
        found = await self._all_devices(call.actor, project)
        devices = [self._shown(device, tokens.get(device.id, "")) for device in found]
        return wire.Devices(len(devices), None, devices)

    @operation(
        "GET",
        DEVICE + "/props",
        surface=SURFACE,
        tag=TAG,
        summary="Get a device (Iottly)",
        scope="devices:read",
        answer=wire.Device,
        example=Example(path=examples.DEVICE_PATH, answer=examples.DEVICE),
    )
    async def get_device(self, call: Call[None, None]) -> wire.Device:
        _, device = await self._places.device(call)
        return await self._with_token(call.actor, device)

    @operation(
        "PUT",
        DEVICE + "/props",
        surface=SURFACE,
        tag=TAG,
        summary="Rename a device (Iottly)",
        description="The answer is the whole device.",
        scope="devices:write",
        body=wire.DeviceEdit,
        answer=wire.Device,
        example=Example(
            path=examples.DEVICE_PATH, body={"name": "pump house 3"}, answer=examples.DEVICE | {"name": "pump house 3"}
        ),
    )
    async def edit_device(self, call: Call[None, wire.DeviceEdit]) -> wire.Device:
        _, device = await self._places.device(call)
        return await self._with_token(
            call.actor, await self._devices.update(call.actor, device.id, DevicePatch(name=call.body.name))
        )

    @operation(
        "POST",
        PROJECT + "/device",
        surface=SURFACE,
        tag=TAG,
        summary="Create a device (Iottly)",
        description="As the vendor's installer does, also with a slash at the end and a form's content type. The agent proves "
        "itself with the pair code, once.",
        scope="devices:write",
        body=wire.DeviceEdit,
        answer=wire.PairCode,
        example=Example(
            path=examples.PROJECT_PATH,
            body={"name": "pump house 2"},
            answer={"pair_code": "8d0f3a6be1c94f72b5a8d9e0c7f61324"},
        ),
    )
    async def create_device(self, call: Call[None, wire.DeviceEdit]) -> wire.PairCode:
        project = await self._places.project(call)
        wanted = NewDevice(name=call.body.name, type=AGENT_TYPE, project_id=project.id)
        created = await self._devices.create(call.actor, wanted)
        made = await self._pairing.create_pair_code(call.actor, created.device.id)
        return wire.PairCode(made.code)

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
        return self._shown(device, licence.id if licence else "")

    def _shown(self, device: Device, token: str = "") -> wire.Device:
        device = self._latest.with_last_seen(device)
        presence, now_us = self._presence.find(device.id), self._clock.now_us()
        connected = is_connected(device, presence, now_us, self._devices.offline_after_us)
        return from_core_device(device, token, connected=connected)


def _origin(scope: Scope) -> str:
    """Scheme and host by which the caller reached us. A host that is none is left out: it would stand in the answer."""
    host: Any = header(scope, b"host") or b""
    return f"{scope['scheme']}://{host.decode()}" if _HOST.fullmatch(host) else ""
