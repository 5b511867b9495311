"""Commands over the native API: of devices, device types and projects; and requests to execute one on a device."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, device_id_of, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.commands import wire
from penstock.api.v2.commands.examples import COMMAND, COMMAND_PATH, DEVICE_COMMAND_PATH, EXECUTION, NEW_COMMAND
from penstock.api.v2.commands.translate import (
    from_core_definition,
    from_core_execution,
    to_core_definition,
    to_core_definition_patch,
    to_core_execution,
)
from penstock.api.v2.devices.examples import DEVICE_ID, DEVICE_PATH
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf, Page
from penstock.core.commands.definitions import DefinitionService
from penstock.core.commands.executions import ExecutionService
from penstock.core.commands.models import DefinitionFilter
from penstock.kit.ids import DefinitionId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "commands:read", "commands:write"
MAX_BODY_BYTES = 262_144


class CommandEndpoints:
    """Create, list, change and delete commands; execute one."""

    routes = Routes("/api/v2", surface="v2", tag="Commands")

    def __init__(self, definitions: DefinitionService, executions: ExecutionService) -> None:
        self._definitions = definitions
        self._executions = executions

    @routes.get(
        "/commands",
        scope=READ,
        example=Example(query={"limit": "2"}, answer={"data": [COMMAND], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.CommandQuery, None]) -> ListOf[wire.Command]:
        """List commands.

        Newest first by default. Includes the commands of devices, of device types and of projects.
        """
        query = call.query
        device_id = body_id(Prefix.DEVICE, query.device_id, "device_id") if query.device_id else None
        project_id = body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None
        filters = DefinitionFilter(device_id=device_id, device_type=query.device_type, project_id=project_id)
        page = await self._definitions.list(call.actor, filters, query.limit, query.cursor, view_of(query))
        return ListOf([from_core_definition(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/commands",
        scope=WRITE,
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=NEW_COMMAND | {"device_id": DEVICE_ID}, answer=COMMAND),
    )
    async def create(self, call: Call[None, wire.CommandCreate]) -> wire.Command:
        """Create a command for a device, a device type or a project.

        With `device_type` every device of the type supports the command, with `project_id` every device of the project. If
        several commands have the same name, the device's own takes precedence over its project's, and that over its type's.
        """
        return from_core_definition(await self._definitions.create(call.actor, to_core_definition(call.body)))

    @routes.get(
        "/commands/{definition_id}",
        scope=READ,
        example=Example(path=COMMAND_PATH, answer=COMMAND),
    )
    async def get(self, call: Call[None, None]) -> wire.Command:
        """Get a command."""
        return from_core_definition(await self._definitions.get(call.actor, _definition_id(call)))

    @routes.patch(
        "/commands/{definition_id}",
        scope=WRITE,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=COMMAND_PATH, body={"timeout_s": 60}, answer=COMMAND),
    )
    async def update(self, call: Call[None, wire.CommandPatch]) -> wire.Command:
        """Change a command.

        Omitted fields are unchanged. Existing executions keep the definition that they were created with.
        """
        patch = to_core_definition_patch(call.body)
        return from_core_definition(await self._definitions.update(call.actor, _definition_id(call), patch))

    @routes.delete(
        "/commands/{definition_id}",
        scope=WRITE,
        example=Example(path=COMMAND_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a command.

        Its executions are kept, and waiting ones are still dispatched.
        """
        await self._definitions.delete(call.actor, _definition_id(call))

    @routes.get(
        "/devices/{device_id}/commands",
        scope=READ,
        of_project=True,
        example=Example(path=DEVICE_PATH, answer={"data": [COMMAND], "next_cursor": None}),
    )
    async def list_of_device(self, call: Call[Page, None]) -> ListOf[wire.Command]:
        """List the commands of a device.

        Its own commands and those of its project and type, by name.
        """
        page = await self._definitions.page_for_device(call.actor, device_id_of(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_definition(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/devices/{device_id}/commands",
        scope=WRITE,
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=DEVICE_PATH, body=NEW_COMMAND, answer=COMMAND),
    )
    async def create_of_device(self, call: Call[None, wire.DeviceCommandCreate]) -> wire.Command:
        """Create a command for a device."""
        requested = to_core_definition(call.body, device_id=device_id_of(call))
        return from_core_definition(await self._definitions.create(call.actor, requested))

    @routes.get(
        "/devices/{device_id}/commands/{definition_id}",
        scope=READ,
        of_project=True,
        example=Example(path=DEVICE_COMMAND_PATH, answer=COMMAND),
    )
    async def get_of_device(self, call: Call[None, None]) -> wire.Command:
        """Get a command that a device supports."""
        found = await self._definitions.get_for_device(call.actor, device_id_of(call), _definition_id(call))
        return from_core_definition(found)

    @routes.patch(
        "/devices/{device_id}/commands/{definition_id}",
        scope=WRITE,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=DEVICE_COMMAND_PATH, body={"timeout_s": 60}, answer=COMMAND),
    )
    async def update_of_device(self, call: Call[None, wire.CommandPatch]) -> wire.Command:
        """Change a device's own command.

        A command of the device's type returns 404 here, because it does not belong to the device alone.
        """
        patch, device_id = to_core_definition_patch(call.body), device_id_of(call)
        found = await self._definitions.update(call.actor, _definition_id(call), patch, device_id=device_id)
        return from_core_definition(found)

    @routes.delete(
        "/devices/{device_id}/commands/{definition_id}",
        scope=WRITE,
        example=Example(path=DEVICE_COMMAND_PATH),
    )
    async def delete_of_device(self, call: Call[None, None]) -> None:
        """Delete a device's own command."""
        await self._definitions.delete(call.actor, _definition_id(call), device_id=device_id_of(call))

    @routes.post(
        "/devices/{device_id}/commands/{definition_id}/execute",
        scope=WRITE,
        of_project=True,
        status=202,
        max_body_bytes=65_536,
        example=Example(path=DEVICE_COMMAND_PATH, body={"parameters": {"seconds": 30}}, answer=EXECUTION),
    )
    async def execute(self, call: Call[None, wire.ExecutionCreate]) -> wire.Execution:
        """Execute a command on a device.

        Returns the execution, which waits in the device's queue until the device can receive it or it expires. With an
        `Idempotency-Key` the same request can be sent again and creates only one execution.
        """
        requested = to_core_execution(_definition_id(call), call.body)
        found = await self._executions.execute(call.actor, device_id_of(call), requested)
        return from_core_execution(found)


def _definition_id(call: Call[Any, Any]) -> DefinitionId:
    return path_id(Prefix.DEFINITION, call.path["definition_id"])
