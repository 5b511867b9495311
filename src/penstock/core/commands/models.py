"""Definitions of commands and their executions."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from penstock.kit.ids import DefinitionId, DeviceId, ExecutionId, OrgId, ProjectId, Seq


class ParameterType(StrEnum):
    """What a parameter's value can be. An enum is one of a list of texts, an object any JSON object."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ENUM = "enum"
    OBJECT = "object"


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter of a command.

    `minimum` and `maximum` bound numbers and are included; the lengths are those of texts, in characters. A parameter that is
    neither sent nor has a default is left out of the execution.
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
    """How a command travels. `any`: by whatever the device is connected by, and when it asks over HTTP."""

    ANY = "any"
    HTTP = "http"
    MQTT = "mqtt"
    AGENT = "agent"
    LORAWAN = "lorawan"


class Verification(StrEnum):
    """What has to happen after receipt before a command counts as done."""

    NONE = "none"
    NEXT_READING = "next_reading"
    ACKNOWLEDGEMENT = "acknowledgement"


class State(StrEnum):
    """How far an execution has come. `states.py` says which follows which."""

    QUEUED = "queued"
    SENT = "sent"
    RECEIVED = "received"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A command that a device, or every device of a type or a project, understands: exactly one of the three is set.

    `timeout_us` is how long after receipt the verification may take. `repeatable`: the command may be handed out again when
    the device never acknowledged its receipt, because doing it twice does no harm.
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
    """What it takes to define a command. `timeout_us` None means the default of the settings."""

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
    """A change of a definition: what is UNSET stays. Executions keep what they were made with."""

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
    """One device's doing of a command, with what the definition said when it was asked for.

    `hand_outs` counts how often it was given to a transport or a polling device, `sent_by` is the way of the last.
    `deadline_us` is when the state it is in ends by itself, None when it has ended. `after_seq` is where the reading log stood
    at receipt: a later reading verifies. `moves` counts the rows of its history after the first. `leaving`: it waits still, but
    another's broker is just being given it, and nobody knows yet whether it took it.
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


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """One row of an execution's history: the state it came into, when and why."""

    state: State
    at_us: int
    reason: str


class ExecutionRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to ask a device to do something. `expires_in_us` None means the default of the settings."""

    definition_id: DefinitionId
    parameters: dict[str, Any]
    expires_in_us: int | None = None


class ExecutionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which executions to list; None means any. Times of creation: from (included) to (not included)."""

    device_id: DeviceId | None = None
    definition_id: DefinitionId | None = None
    state: State | None = None
    from_us: int | None = None
    to_us: int | None = None


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a device says of a command. `ok` None: it has it and is at work; `progress` and `result` are any JSON."""

    ok: bool | None = None
    result: Any = None
    error: str | None = None
    progress: Any = None


class DeviceQueue(msgspec.Struct, frozen=True, kw_only=True):
    """A device's queue: how many executions wait, how many are handed out and not ended, and whether it does one at a time."""

    device_id: DeviceId
    one_at_a_time: bool
    queued: int
    under_way: int
