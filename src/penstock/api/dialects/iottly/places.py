"""Resolves the ids in Iottly's paths to the caller's projects and devices.

Another organisation's project or device gets the same response as an unknown one: 403, as the vendor documents for both.
"""

from __future__ import annotations

from typing import Any

from penstock.api.dialects.iottly.errors import NotPermitted
from penstock.api.dialects.iottly.names import decode_uuid, is_uuid
from penstock.api.shared.call import Call
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Device, Identifier, IdentifierKind
from penstock.core.devices.service import DeviceService
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.core.tenancy.models import Project
from penstock.core.tenancy.service import TenancyService
from penstock.kit.ids import Prefix, decode


class Places:
    """Finds the objects that a path names."""

    def __init__(self, tenancy: TenancyService, devices: DeviceService) -> None:
        self._tenancy = tenancy
        self._devices = devices

    async def project(self, call: Call[Any, Any]) -> Project:
        """Get the project of a call's path, which names it by its alias or by its Penstock id.

        Raises:
            NotPermitted: it belongs to another organisation, does not exist, or is not the one that the key is bound to.
        """
        name = call.path["project_alias"]
        project_id = decode(Prefix.PROJECT, name)
        try:
            if project_id is not None:
                return await self._tenancy.get_project(call.actor, project_id)
        except ProjectNotFound:
            raise NotPermitted() from None
        project = await self._tenancy.find_project(call.actor, name.lower())
        if project is None or not call.actor.reaches(project.id):
            raise NotPermitted()
        return project

    async def device(self, call: Call[Any, Any]) -> tuple[Project, Device]:
        """Get the project and the device of a call's path.

        Raises:
            NotPermitted: one of them belongs to another organisation, or does not exist, or the device is in another project.
        """
        project = await self.project(call)
        try:
            device = await self._find(call)
        except DeviceNotFound:
            raise NotPermitted() from None
        if device.project_id != project.id:
            raise NotPermitted()
        return project, device

    async def _find(self, call: Call[Any, Any]) -> Device:
        name = call.path["device_uuid"].lower()
        number = decode_uuid(name)
        if number is None:
            number = decode(Prefix.DEVICE, name)
        if number is not None:
            return await self._devices.get(call.actor, number)
        if not is_uuid(name):
            raise DeviceNotFound(device_id="")
        identifier = Identifier(kind=IdentifierKind.EXTERNAL, value=name)
        return await self._devices.get_by_identifier(call.actor, identifier)
