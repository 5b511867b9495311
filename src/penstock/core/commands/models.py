"""Definitions of commands and their executions."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from penstock.kit.ids import DefinitionId, DeviceId, ExecutionId, OrgId, ProjectId, RuleId, Seq


class ParameterType(StrEnum):
    """The type of a parameter's value. An enum is one string of a list, an object any JSON object."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ENUM = "enum"
    OBJECT = "object"


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter of a command.

    `minimum` and `maximum` are inclusive bounds of numbers; the lengths are those of strings, in characters. A parameter that
    is
    neither sent nor has a default is omitted from the execution.
    """

    name: str
    type: ParameterType
    description: str = ""
    required: bool = False
    default: Any = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    min_length: int | None = None
    max_length: int | None = None
    values: tuple[str, ...] = ()


class Transport(StrEnum):
    """How a command is delivered. `any`: over any transport that reaches the device, or when it polls over HTTP."""

    ANY = "any"
    HTTP = "http"
    MQTT = "mqtt"
    AGENT = "agent"
    LORAWAN = "lorawan"


class Verification(StrEnum):
    """The evidence that must follow the receipt before a command is done."""

    NONE = "none"
    NEXT_READING = "next_reading"
    ACKNOWLEDGEMENT = "acknowledgement"


class State(StrEnum):
    """The state of an execution. `states.py` defines the transitions."""

    QUEUED = "queued"
    SENT = "sent"
    RECEIVED = "received"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A command of a device, or of every device of a type or a project: exactly one of the three is set.

    `timeout_us` is the maximum time from receipt to verification. `repeatable`: the command can be dispatched again if the
    device
    never acknowledged its receipt, because executing it twice does no harm.
    """

    id: DefinitionId
    org_id: OrgId
    device_id: DeviceId | None
    device_type: str | None
    project_id: ProjectId | None
    name: str
    description: str
    parameters: tuple[Parameter, ...]
    transport: Transport
    verification: Verification
    timeout_us: int
    repeatable: bool
    created_us: int
    updated_us: int


class NewDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new command. `timeout_us` None means the default of the settings."""

    name: str
    device_id: DeviceId | None = None
    device_type: str | None = None
    project_id: ProjectId | None = None
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    transport: Transport = Transport.ANY
    verification: Verification = Verification.ACKNOWLEDGEMENT
    timeout_us: int | None = None
    repeatable: bool = False


class DefinitionPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a definition: an UNSET field is unchanged. Existing executions do not change."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    parameters: tuple[Parameter, ...] | UnsetType = UNSET
    transport: Transport | UnsetType = UNSET
    verification: Verification | UnsetType = UNSET
    timeout_us: int | UnsetType = UNSET
    repeatable: bool | UnsetType = UNSET


class DefinitionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which definitions to list; None means any."""

    device_id: DeviceId | None = None
    device_type: str | None = None
    project_id: ProjectId | None = None


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """One request for a command on one device, with the definition's fields at the time of the request.

    `hand_outs` counts its dispatches to a transport or a polling device, `sent_by` is the transport of the latest.
    `deadline_us` is
    when its state ends automatically, None if it has ended. `after_seq` is the last sequence number of the reading log at
    receipt: a
    later reading verifies it. `moves` counts the rows of its history after the first. `leaving`: it is still queued, but was
    published to an external broker that has not confirmed it yet. `chain` are the rules that led to the request.
    """

    id: ExecutionId
    org_id: OrgId
    device_id: DeviceId
    definition_id: DefinitionId
    name: str
    parameters: dict[str, Any]
    transport: Transport
    verification: Verification
    timeout_us: int
    repeatable: bool
    created_by: str
    created_us: int
    expires_us: int
    state: State = State.QUEUED
    reason: str = ""
    progress: Any = None
    result: Any = None
    error: str | None = None
    hand_outs: int = 0
    sent_by: Transport | None = None
    moves: int = 0
    deadline_us: int | None = None
    after_seq: Seq | None = None
    sent_us: int | None = None
    received_us: int | None = None
    finished_us: int | None = None
    leaving: bool = False
    chain: tuple[RuleId, ...] = ()


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """One row of an execution's history: the state it entered, when and why."""

    state: State
    at_us: int
    reason: str


class ExecutionRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new execution. `expires_in_us` None means the default of the settings."""

    definition_id: DefinitionId
    parameters: dict[str, Any]
    expires_in_us: int | None = None


class ExecutionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which executions to list; None means any. Times of creation: `from_us` (inclusive) to `to_us` (exclusive)."""

    device_id: DeviceId | None = None
    definition_id: DefinitionId | None = None
    state: State | None = None
    from_us: int | None = None
    to_us: int | None = None


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """A device's response to a command. `ok` None: received and in progress; `progress` and `result` are any JSON."""

    ok: bool | None = None
    result: Any = None
    error: str | None = None
    progress: Any = None


class DeviceQueue(msgspec.Struct, frozen=True, kw_only=True):
    """A device's queue: how many executions wait, how many are in progress, and whether the device executes one at a time."""

    device_id: DeviceId
    one_at_a_time: bool
    queued: int
    under_way: int
