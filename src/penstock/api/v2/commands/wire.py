"""Commands and their executions exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Cursor, Id, Limit, Name, NewestFirst, Text, Word
from penstock.core.commands.models import State, Transport, Verification
from penstock.kit.wire_types import one_of

Time = Annotated[str, Meta(max_length=40)]
Length = Annotated[int, Meta(ge=0, le=65_536)]
TimeoutSeconds = Annotated[int, Meta(ge=1, le=86_400)]
ParameterTypeName = Literal["string", "integer", "number", "boolean", "enum", "object"]
TransportName = Literal["any", "http", "mqtt", "agent", "lorawan"]
VerificationName = Literal["none", "next_reading", "acknowledgement"]
StateName = Literal["queued", "sent", "received", "done", "failed", "expired", "cancelled"]


class Parameter(Struct, frozen=True, forbid_unknown_fields=True):
    """A parameter. `minimum` and `maximum` apply to numbers, the lengths to strings, `values` to an enum."""

    name: Word
    type: ParameterTypeName
    description: Text = ""
    required: bool = False
    default: object = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    min_length: Length | None = None
    max_length: Length | None = None
    values: Annotated[list[Name], Meta(max_length=256)] = []


Parameters = Annotated[list[Parameter], Meta(max_length=64)]


class DeviceCommandCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A command to create for a device.

    `transport` selects how the command is delivered: `any` means over any connection of the device, or when it polls.
    `verification` is the evidence that must follow the receipt within `timeout_s` before the execution is `done`. `repeatable`:
    the command can be dispatched again if the device never confirmed its receipt, because it is safe to execute twice.
    """

    name: Word
    description: Text = ""
    parameters: Parameters = []
    transport: TransportName = "any"
    verification: VerificationName = "acknowledgement"
    timeout_s: TimeoutSeconds | None = None
    repeatable: bool = False


class CommandCreate(DeviceCommandCreate, frozen=True, forbid_unknown_fields=True):
    """A command to create for one device, or for every device of a type or a project: set one of the three."""

    device_id: Id | None = None
    device_type: Word | None = None
    project_id: Id | None = None


class CommandPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a command: omitted fields are unchanged, `parameters` is replaced as a whole. Executions keep theirs."""

    name: Word | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    parameters: Parameters | UnsetType = UNSET
    transport: TransportName | UnsetType = UNSET
    verification: VerificationName | UnsetType = UNSET
    timeout_s: TimeoutSeconds | UnsetType = UNSET
    repeatable: bool | UnsetType = UNSET


class CommandQuery(NewestFirst, frozen=True, forbid_unknown_fields=True):
    """Filters for commands. `q` is searched for in name and description."""

    device_id: Id | None = None
    device_type: Word | None = None
    project_id: Id | None = None


class Command(Struct, frozen=True):
    """A command that a device, or every device of a type or a project, supports."""

    id: str
    device_id: str | None
    device_type: str | None
    project_id: str | None
    name: str
    description: str
    parameters: list[Parameter]
    transport: Annotated[str, one_of(*Transport)]
    verification: Annotated[str, one_of(*Verification)]
    timeout_s: int
    repeatable: bool
    created_at: str
    updated_at: str


class ExecutionCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """The values of the parameters, and the seconds after which a waiting execution expires."""

    parameters: Annotated[dict[Word, object], Meta(max_length=64)] = {}
    expires_in_s: Annotated[int, Meta(ge=1)] | None = None


class ExecutionQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for executions."""

    device_id: Id | None = None
    definition_id: Id | None = None
    state: StateName | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Execution(Struct, frozen=True):
    """The execution of a command on one device.

    `state` is queued, sent, received, done, failed, expired or cancelled, with its `reason`; `status` is the same for people:
    Pending, Delivered, Confirmed, Soft warning or Failed. `progress`, `result` and `error` are what the device reported.
    """

    id: str
    device_id: str
    definition_id: str
    name: str
    parameters: dict[str, object]
    state: Annotated[str, one_of(*State)]
    status: Annotated[str, one_of("Pending", "Delivered", "Confirmed", "Soft warning", "Failed")]
    reason: str
    transport: Annotated[str, one_of(*Transport)]
    sent_by: str | None
    verification: Annotated[str, one_of(*Verification)]
    repeatable: bool
    hand_outs: int
    progress: object
    result: object
    error: str | None
    created_by: str
    created_at: str
    expires_at: str
    sent_at: str | None
    received_at: str | None
    finished_at: str | None


class StateChange(Struct, frozen=True):
    """A state of an execution, with its time and reason."""

    state: Annotated[str, one_of(*State)]
    at: str
    reason: str


class ExecutionWithHistory(Execution, frozen=True):
    """An execution with its states, oldest first."""

    history: list[StateChange]


class Queue(Struct, frozen=True):
    """A device's queue.

    `queued` is the number of waiting executions, `under_way` of dispatched ones that have not ended. `one_at_a_time` is whether
    the device receives a command only after the previous one has ended.
    """

    device_id: str
    one_at_a_time: bool
    queued: int
    under_way: int


class QueuePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the device receives a command only after the previous one has ended."""

    one_at_a_time: bool
