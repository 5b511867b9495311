"""Commands and their executions exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Cursor, Id, Limit, Name, Text, Word

Time = Annotated[str, Meta(max_length=40)]
Length = Annotated[int, Meta(ge=0, le=65_536)]
TimeoutSeconds = Annotated[int, Meta(ge=1, le=86_400)]
ParameterTypeName = Literal["string", "integer", "number", "boolean", "enum", "object"]
TransportName = Literal["any", "http", "mqtt", "agent", "lorawan"]
VerificationName = Literal["none", "next_reading", "acknowledgement"]
StateName = Literal["queued", "sent", "received", "done", "failed", "expired", "cancelled"]


class Parameter(Struct, frozen=True, forbid_unknown_fields=True):
    """One parameter. `minimum` and `maximum` are for numbers, the lengths for texts, `values` for an enum."""

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
    """A command to define for a device.

    `transport` is how it travels: `any` by whatever the device is connected by or asks by. `verification` is what has to happen
    after receipt before it counts as done, within `timeout_s`. `repeatable`: it may be handed out again when the device never
    acknowledged its receipt, because doing it twice does no harm.
    """

    name: Word
    description: Text = ""
    parameters: Parameters = []
    transport: TransportName = "any"
    verification: VerificationName = "acknowledgement"
    timeout_s: TimeoutSeconds | None = None
    repeatable: bool = False


class CommandCreate(DeviceCommandCreate, frozen=True, forbid_unknown_fields=True):
    """A command to define, for one device or for every device of a type or a project: name one of them."""

    device_id: Id | None = None
    device_type: Word | None = None
    project_id: Id | None = None


class CommandPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a command: a field that is left out stays, `parameters` are replaced whole. Executions keep theirs."""

    name: Word | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    parameters: Parameters | UnsetType = UNSET
    transport: TransportName | UnsetType = UNSET
    verification: VerificationName | UnsetType = UNSET
    timeout_s: TimeoutSeconds | UnsetType = UNSET
    repeatable: bool | UnsetType = UNSET


class CommandQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which commands to list."""

    device_id: Id | None = None
    device_type: Word | None = None
    project_id: Id | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Command(Struct, frozen=True):
    """A command that a device, or every device of a type or a project, understands."""

    id: str
    device_id: str | None
    device_type: str | None
    project_id: str | None
    name: str
    description: str
    parameters: list[Parameter]
    transport: str
    verification: str
    timeout_s: int
    repeatable: bool
    created_at: str
    updated_at: str


class Execute(Struct, frozen=True, forbid_unknown_fields=True):
    """What the device is to do: values for the parameters, and after how many seconds of waiting it is too late."""

    parameters: Annotated[dict[Word, object], Meta(max_length=64)] = {}
    expires_in_s: Annotated[int, Meta(ge=1)] | None = None


class ExecutionQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which executions to list."""

    device_id: Id | None = None
    definition_id: Id | None = None
    state: StateName | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Execution(Struct, frozen=True):
    """One device's doing of a command.

    `state` is queued, sent, received, done, failed, expired or cancelled, with its `reason`; `status` says the same in Kilo's
    words. `progress`, `result` and `error` are what the device told.
    """

    id: str
    device_id: str
    definition_id: str
    name: str
    parameters: dict[str, object]
    state: str
    status: str
    reason: str
    transport: str
    sent_by: str | None
    verification: str
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
    """A state that an execution came into, when and why."""

    state: str
    at: str
    reason: str


class ExecutionWithHistory(Execution, frozen=True):
    """An execution with the states it came into, oldest first."""

    history: list[StateChange]


class Queue(Struct, frozen=True):
    """A device's queue: how many wait, how many are handed out and have not ended, and whether it does one at a time."""

    device_id: str
    one_at_a_time: bool
    queued: int
    under_way: int


class QueuePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the device gets a command only when the one before it has ended."""

    one_at_a_time: bool
