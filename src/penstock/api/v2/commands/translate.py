"""Converts commands between wire structs and core models. All functions are pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.api.shared.decoding import body_id
from penstock.api.v2.commands import wire
from penstock.api.v2.ranges import parse_moment
from penstock.core.commands import models
from penstock.core.commands.models import State, Verification
from penstock.kit.clock import SECOND_US, format_time, format_time_or_none
from penstock.kit.fields import changes_in
from penstock.kit.ids import DefinitionId, DeviceId, Prefix, encode


def to_core_definition(new: wire.DeviceCommandCreate, *, device_id: DeviceId | None = None) -> models.NewDefinition:
    """`device_id` is the path's; without one, the body names a device, a type or a project."""
    device_type, project_id = None, None
    if isinstance(new, wire.CommandCreate):
        device_type = new.device_type
        device_id = body_id(Prefix.DEVICE, new.device_id, "device_id") if new.device_id else None
        project_id = body_id(Prefix.PROJECT, new.project_id, "project_id") if new.project_id else None
    return models.NewDefinition(
        name=new.name,
        device_id=device_id,
        device_type=device_type,
        project_id=project_id,
        description=new.description,
        parameters=to_core_parameters(new.parameters),
        transport=models.Transport(new.transport),
        verification=Verification(new.verification),
        timeout_us=None if new.timeout_s is None else new.timeout_s * SECOND_US,
        repeatable=new.repeatable,
    )


def to_core_definition_patch(patch: wire.CommandPatch) -> models.DefinitionPatch:
    # Only the fields that were sent: a value for an omitted field would overwrite the stored one.
    changes = changes_in(patch)
    if "parameters" in changes:
        changes["parameters"] = to_core_parameters(changes["parameters"])
    if "transport" in changes:
        changes["transport"] = models.Transport(changes["transport"])
    if "verification" in changes:
        changes["verification"] = Verification(changes["verification"])
    if "timeout_s" in changes:
        changes["timeout_us"] = changes.pop("timeout_s") * SECOND_US
    return models.DefinitionPatch(**changes)


def to_core_parameters(requested: Sequence[wire.Parameter]) -> tuple[models.Parameter, ...]:
    """Parameters as core models, not yet validated."""
    return tuple(
        models.Parameter(**msgspec.structs.asdict(one) | {"type": models.ParameterType(one.type), "values": tuple(one.values)})
        for one in requested
    )


def from_core_definition(definition: models.Definition) -> wire.Command:
    return wire.Command(
        id=encode(Prefix.DEFINITION, definition.id),
        device_id=None if definition.device_id is None else encode(Prefix.DEVICE, definition.device_id),
        device_type=definition.device_type,
        project_id=None if definition.project_id is None else encode(Prefix.PROJECT, definition.project_id),
        name=definition.name,
        description=definition.description,
        parameters=from_core_parameters(definition.parameters),
        transport=definition.transport.value,
        verification=definition.verification.value,
        timeout_s=definition.timeout_us // SECOND_US,
        repeatable=definition.repeatable,
        created_at=format_time(definition.created_us),
        updated_at=format_time(definition.updated_us),
    )


def from_core_parameters(parameters: Sequence[models.Parameter]) -> list[wire.Parameter]:
    """Parameters as wire structs."""
    return [wire.Parameter(**_to_wire(one)) for one in parameters]


def _to_wire(parameter: models.Parameter) -> dict[str, Any]:
    return msgspec.structs.asdict(parameter) | {"type": parameter.type.value, "values": list(parameter.values)}


def to_core_execution(definition_id: DefinitionId, requested: wire.ExecutionCreate) -> models.ExecutionRequest:
    expires_in_us = None if requested.expires_in_s is None else requested.expires_in_s * SECOND_US
    return models.ExecutionRequest(definition_id=definition_id, parameters=requested.parameters, expires_in_us=expires_in_us)


def to_core_execution_filter(query: wire.ExecutionQuery) -> models.ExecutionFilter:
    return models.ExecutionFilter(
        device_id=body_id(Prefix.DEVICE, query.device_id, "device_id") if query.device_id else None,
        definition_id=body_id(Prefix.DEFINITION, query.definition_id, "definition_id") if query.definition_id else None,
        state=State(query.state) if query.state else None,
        from_us=parse_moment(query.from_, "from") if query.from_ else None,
        to_us=parse_moment(query.to, "to") if query.to else None,
    )


def from_core_execution(execution: models.Execution) -> wire.Execution:
    return wire.Execution(**_facts(execution))


def from_core_history(execution: models.Execution, history: Sequence[models.Transition]) -> wire.ExecutionWithHistory:
    rows = [wire.StateChange(row.state.value, format_time(row.at_us), row.reason) for row in history]
    return wire.ExecutionWithHistory(**_facts(execution), history=rows)


def from_core_queue(queue: models.DeviceQueue) -> wire.Queue:
    return wire.Queue(encode(Prefix.DEVICE, queue.device_id), queue.one_at_a_time, queue.queued, queue.under_way)


def _facts(execution: models.Execution) -> dict[str, Any]:
    return {
        "id": encode(Prefix.EXECUTION, execution.id),
        "device_id": encode(Prefix.DEVICE, execution.device_id),
        "definition_id": encode(Prefix.DEFINITION, execution.definition_id),
        "name": execution.name,
        "parameters": execution.parameters,
        "state": execution.state.value,
        "status": status_of(execution),
        "reason": execution.reason,
        "transport": execution.transport.value,
        "sent_by": execution.sent_by.value if execution.sent_by else None,
        "verification": execution.verification.value,
        "repeatable": execution.repeatable,
        "hand_outs": execution.hand_outs,
        "progress": execution.progress,
        "result": execution.result,
        "error": execution.error,
        "created_by": execution.created_by,
        "created_at": format_time(execution.created_us),
        "expires_at": format_time(execution.expires_us),
        "sent_at": format_time_or_none(execution.sent_us),
        "received_at": format_time_or_none(execution.received_us),
        "finished_at": format_time_or_none(execution.finished_us),
    }


def status_of(execution: models.Execution) -> str:
    """The state for people. *Delivered* is unverified by design; *Soft warning* was received, but not verified in time."""
    match execution.state:
        case State.QUEUED | State.SENT | State.RECEIVED:
            return "Pending"
        case State.DONE:
            return "Delivered" if execution.verification is Verification.NONE else "Confirmed"
        case State.EXPIRED if execution.received_us is not None:
            return "Soft warning"
        case _:
            return "Failed"
