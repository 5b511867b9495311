"""Iottly's commands: dotted values become the parameters of a Penstock command."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from penstock.api.dialects.iottly import examples, wire
from penstock.api.dialects.iottly.places import Places
from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.core.commands.definitions import DefinitionService
from penstock.core.commands.executions import ExecutionService
from penstock.core.commands.models import Definition, ExecutionRequest, Parameter, ParameterType
from penstock.kit.errors import InvalidInput
from penstock.kit.operation import Example

_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,3})?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


class IottlyCommandEndpoints:
    """Commands for devices."""

    routes = Routes("/v1.0/project", surface="iottly", tag="Iottly")

    def __init__(self, *, places: Places, definitions: DefinitionService, executions: ExecutionService) -> None:
        self._places = places
        self._definitions = definitions
        self._executions = executions

    @routes.post(
        "/{project_alias}/device/{device_uuid}/command",
        scope="commands:write",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, body=examples.COMMAND, answer={"status": 200}),
    )
    async def send(self, call: Call[None, wire.Command]) -> wire.Accepted:
        """Send a command (Iottly).

        `cmd_type` is the name of a command that the device supports: its own, its project's or its type's. Each key of `values`
        is `<cmd_type>.<option>`; options that are null or empty keep their defaults. The command waits until the device is
        connected; the device's response arrives later, as a message.
        """
        _, device = await self._places.device(call)
        body = call.body
        understood = await self._definitions.list_for_device(call.actor, device.id)
        definition = next((one for one in understood if one.name == body.cmd_type), None)
        if definition is None:
            raise InvalidInput.field("cmd_type", "must be a command of this device", "unknown")
        parameters = to_core_parameters(definition, body.values)
        await self._executions.execute(
            call.actor, device.id, ExecutionRequest(definition_id=definition.id, parameters=parameters)
        )
        return wire.Accepted(200)


def to_core_parameters(definition: Definition, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a command by the names of its parameters. Strings are converted to the parameter's type if possible.

    A path can continue into a parameter that is an object: `set.limits.high` is the member `high` of `limits`.

    Raises:
        InvalidInput: a key does not start with the command's name and a dot, or a path leads through another's value.
    """
    prefix = f"{definition.name}."
    parameters = {one.name: one for one in definition.parameters}
    found: dict[str, Any] = {}
    for key, value in values.items():
        if not key.startswith(prefix):
            raise InvalidInput.field(f"values.{key[:100]}", f"must start with {prefix}")
        if value is None or value == "":
            continue
        path = key.removeprefix(prefix)
        if path in parameters:
            found[path] = typed(parameters[path], value)
        else:
            _put(found, path.split("."), value, key)
    return found


def _put(into: dict[str, Any], steps: list[str], value: Any, key: str) -> None:
    for step in steps[:-1]:
        into = into.setdefault(step, {})
        if not isinstance(into, dict):
            raise InvalidInput.field(f"values.{key[:100]}", "must not lead through a value that is not an object")
    into[steps[-1]] = value


def typed(parameter: Parameter, value: Any) -> Any:
    """A value converted to a parameter's type. Iottly's clients send strings; one that cannot be converted is unchanged."""
    if not isinstance(value, str):
        return value
    if parameter.type is ParameterType.BOOLEAN:
        return _BOOLEANS.get(value, value)
    if parameter.type in (ParameterType.INTEGER, ParameterType.NUMBER) and _NUMBER.fullmatch(value):
        number = float(value)
        whole = value.removeprefix("-").isdigit()
        return int(value) if whole else number if math.isfinite(number) else value
    return value
