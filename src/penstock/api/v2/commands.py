"""Definitions of commands over the native API: of devices and of types of devices, and asking a device to do one."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.idempotency import idempotency_of
from penstock.api.v2 import commands_wire as wire
from penstock.api.v2.command_examples import COMMAND, COMMAND_PATH, DEVICE_COMMAND_PATH, EXECUTION, NEW_COMMAND, TAG
from penstock.api.v2.commands_translate import (
    from_core_definition,
    from_core_execution,
    to_core_definition,
    to_core_definition_patch,
    to_core_execution,
)
from penstock.api.v2.examples import DEVICE_ID, DEVICE_PATH
from penstock.api.v2.wire import ListOf
from penstock.core.commands.definitions import DefinitionService
from penstock.core.commands.executions import ExecutionService
from penstock.core.commands.models import DefinitionFilter
from penstock.kit.ids import DefinitionId, DeviceId, Prefix
from penstock.kit.operation import Example, operation

READ, WRITE = "commands:read", "commands:write"
PATH = "/api/v2/commands"
DEVICE_COMMANDS = "/api/v2/devices/{device_id}/commands"
MAX_BODY_BYTES = 262_144


class CommandEndpoints:
    """Define, list, change and delete commands; execute one."""

    def __init__(self, definitions: DefinitionService, executions: ExecutionService) -> None:
        self._definitions = definitions
        self._executions = executions

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List commands",
        description="Newest first: those of devices and those of types.",
        scope=READ,
        query=wire.CommandQuery,
        answer=ListOf[wire.Command],
        example=Example(query={"limit": "2"}, answer={"data": [COMMAND], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.CommandQuery, None]) -> ListOf[wire.Command]:
        query = call.query
        device_id = body_id(Prefix.DEVICE, query.device_id, "device_id") if query.device_id else None
        project_id = body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None
        wanted = DefinitionFilter(device_id=device_id, device_type=query.device_type, project_id=project_id)
        page = await self._definitions.list(call.actor, wanted, query.limit, query.cursor)
        return ListOf([from_core_definition(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Define a command of a device, a type or a project",
        description="With `device_type` every device of the type understands it, with `project_id` every device of the project. "
        "Of commands of the same name a device's own goes before its project's, and that before its type's.",
        scope=WRITE,
        status=201,
        body=wire.CommandCreate,
        answer=wire.Command,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=NEW_COMMAND | {"device_id": DEVICE_ID}, answer=COMMAND),
    )
    async def create(self, call: Call[None, wire.CommandCreate]) -> wire.Command:
        return from_core_definition(await self._definitions.create(call.actor, to_core_definition(call.body)))

    @operation(
        "GET",
        f"{PATH}/{{definition_id}}",
        surface="v2",
        tag=TAG,
        summary="Get a command",
        scope=READ,
        answer=wire.Command,
        example=Example(path=COMMAND_PATH, answer=COMMAND),
    )
    async def get(self, call: Call[None, None]) -> wire.Command:
        return from_core_definition(await self._definitions.get(call.actor, _definition_id(call)))

    @operation(
        "PATCH",
        f"{PATH}/{{definition_id}}",
        surface="v2",
        tag=TAG,
        summary="Change a command",
        description="A field that is left out stays as it is. Executions keep what they were made with.",
        scope=WRITE,
        body=wire.CommandPatch,
        answer=wire.Command,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=COMMAND_PATH, body={"timeout_s": 60}, answer=COMMAND),
    )
    async def update(self, call: Call[None, wire.CommandPatch]) -> wire.Command:
        patch = to_core_definition_patch(call.body)
        return from_core_definition(await self._definitions.update(call.actor, _definition_id(call), patch))

    @operation(
        "DELETE",
        f"{PATH}/{{definition_id}}",
        surface="v2",
        tag=TAG,
        summary="Delete a command",
        description="Its executions stay, and those that wait still go to their devices.",
        scope=WRITE,
        status=204,
        example=Example(path=COMMAND_PATH),
    )
    async def delete(self, call: Call[None, None]) -> Answer:
        await self._definitions.delete(call.actor, _definition_id(call))
        return Answer()

    @operation(
        "GET",
        DEVICE_COMMANDS,
        surface="v2",
        tag=TAG,
        summary="List what a device can be asked to do",
        description="Its own commands and those of its type, by name, on one page.",
        scope=READ,
        of_project=True,
        answer=ListOf[wire.Command],
        example=Example(path=DEVICE_PATH, answer={"data": [COMMAND], "next_cursor": None}),
    )
    async def list_of_device(self, call: Call[None, None]) -> ListOf[wire.Command]:
        found = await self._definitions.list_for_device(call.actor, _device_id(call))
        return ListOf([from_core_definition(one) for one in found])

    @operation(
        "POST",
        DEVICE_COMMANDS,
        surface="v2",
        tag=TAG,
        summary="Define a command of a device",
        scope=WRITE,
        status=201,
        body=wire.DeviceCommandCreate,
        answer=wire.Command,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=DEVICE_PATH, body=NEW_COMMAND, answer=COMMAND),
    )
    async def create_of_device(self, call: Call[None, wire.DeviceCommandCreate]) -> wire.Command:
        wanted = to_core_definition(call.body, device_id=_device_id(call))
        return from_core_definition(await self._definitions.create(call.actor, wanted))

    @operation(
        "GET",
        f"{DEVICE_COMMANDS}/{{definition_id}}",
        surface="v2",
        tag=TAG,
        summary="Get a command that a device understands",
        scope=READ,
        of_project=True,
        answer=wire.Command,
        example=Example(path=DEVICE_COMMAND_PATH, answer=COMMAND),
    )
    async def get_of_device(self, call: Call[None, None]) -> wire.Command:
        found = await self._definitions.get_for_device(call.actor, _device_id(call), _definition_id(call))
        return from_core_definition(found)

    @operation(
        "PATCH",
        f"{DEVICE_COMMANDS}/{{definition_id}}",
        surface="v2",
        tag=TAG,
        summary="Change a device's own command",
        description="A command of the device's type is not found here, as it is not the device's alone.",
        scope=WRITE,
        body=wire.CommandPatch,
        answer=wire.Command,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=DEVICE_COMMAND_PATH, body={"timeout_s": 60}, answer=COMMAND),
    )
    async def update_of_device(self, call: Call[None, wire.CommandPatch]) -> wire.Command:
        patch, device_id = to_core_definition_patch(call.body), _device_id(call)
        found = await self._definitions.update(call.actor, _definition_id(call), patch, device_id=device_id)
        return from_core_definition(found)

    @operation(
        "DELETE",
        f"{DEVICE_COMMANDS}/{{definition_id}}",
        surface="v2",
        tag=TAG,
        summary="Delete a device's own command",
        scope=WRITE,
        status=204,
        example=Example(path=DEVICE_COMMAND_PATH),
    )
    async def delete_of_device(self, call: Call[None, None]) -> Answer:
        await self._definitions.delete(call.actor, _definition_id(call), device_id=_device_id(call))
        return Answer()

    @operation(
        "POST",
        f"{DEVICE_COMMANDS}/{{definition_id}}/execute",
        surface="v2",
        tag=TAG,
        summary="Ask a device to do something",
        description="The answer is the execution, which waits in the device's queue until the device is there or it "
        "expires. With an `Idempotency-Key` the same request can be sent again and asks only once.",
        scope=WRITE,
        of_project=True,
        status=202,
        body=wire.Execute,
        answer=wire.Execution,
        max_body_bytes=65_536,
        headers={"Idempotency-Key": "A name for this request of 1 to 255 characters, good for 24 hours."},
        example=Example(path=DEVICE_COMMAND_PATH, body={"parameters": {"seconds": 30}}, answer=EXECUTION),
    )
    async def execute(self, call: Call[None, wire.Execute]) -> wire.Execution:
        wanted = to_core_execution(_definition_id(call), call.body)
        found = await self._executions.execute(call.actor, _device_id(call), wanted, idempotency_of(call))
        return from_core_execution(found)


def _device_id(call: Call[Any, Any]) -> DeviceId:
    return path_id(Prefix.DEVICE, call.path["device_id"])


def _definition_id(call: Call[Any, Any]) -> DefinitionId:
    return path_id(Prefix.DEFINITION, call.path["definition_id"])
