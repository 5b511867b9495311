"""The stores of commands. Every method sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import msgspec

from penstock.core.audit.store import HasAudit
from penstock.core.commands.models import (
    Definition,
    DefinitionFilter,
    Execution,
    ExecutionFilter,
    Transition,
    Transport,
)
from penstock.core.devices.store import HasDevices
from penstock.core.idempotency import HasIdempotency
from penstock.core.outbox import HasOutbox
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import DefinitionId, DeviceId, ExecutionId, OrgId, ProjectId, Seq
from penstock.kit.ordering import After


class DefinitionStore(Protocol):
    """Definitions of commands."""

    async def create(self, definition: Definition) -> None:
        """Add a definition.

        Raises:
            DefinitionExists: the device, type or project already has one with this name.
        """

    async def find(self, definition_id: DefinitionId) -> Definition | None:
        """The definition with this id."""

    async def list(self, filters: DefinitionFilter, limit: int, after: After) -> list[Definition]:
        """Definitions by default newest first, after a place or an id."""

    async def list_by_device(self, device_id: DeviceId) -> Sequence[Definition]:
        """A device's own definitions, by name."""

    async def list_by_type(self, device_type: str) -> Sequence[Definition]:
        """The definitions of a device type, by name."""

    async def list_by_project(self, project_id: ProjectId) -> Sequence[Definition]:
        """The definitions of a project, by name."""

    async def update(self, definition: Definition) -> None:
        """Replace the fields that can change.

        Raises:
            DefinitionExists: the device, type or project has another one with this name.
        """

    async def delete(self, definition_id: DefinitionId) -> None:
        """Delete a definition. Its executions are kept."""


class ExecutionStore(Protocol):
    """Executions, their history, and their queues."""

    async def create(self, execution: Execution, first: Transition) -> None:
        """Add an execution with the first row of its history."""

    async def find(self, execution_id: ExecutionId) -> Execution | None:
        """The execution with this id."""

    async def list(self, filters: ExecutionFilter, limit: int, before_id: int | None) -> list[Execution]:
        """Executions newest first, older than `before_id`."""

    async def history(self, execution_id: ExecutionId) -> Sequence[Transition]:
        """The history of an execution, oldest first."""

    async def save(self, execution: Execution, row: Transition | None = None) -> None:
        """Write the fields of an execution that can change, and a row of its history if its state changed."""

    async def waiting(self, device_id: DeviceId, transport: Transport, now_us: int, limit: int) -> Sequence[Execution]:
        """The first queued executions of a device for a transport, in the order of request; expired ones are omitted."""

    async def list_open(self, device_id: DeviceId) -> Sequence[Execution]:
        """A device's executions that have not ended, in order."""

    async def sent(self, device_id: DeviceId) -> Sequence[Execution]:
        """A device's executions that were sent and have no receipt, in order."""

    async def find_last_dispatched(self, device_id: DeviceId, transport: Transport) -> Execution | None:
        """A device's newest execution that was dispatched and can use this transport."""

    async def count(self, device_id: DeviceId) -> tuple[int, int]:
        """How many of a device's executions are queued, and how many were dispatched and have not ended."""

    async def one_at_a_time(self, device_id: DeviceId) -> bool:
        """Whether a device executes one command at a time."""

    async def set_one_at_a_time(self, device_id: DeviceId, one_at_a_time: bool) -> None:
        """Set whether a device executes one command at a time."""


class DueExecution(msgspec.Struct, frozen=True):
    """An execution for a worker to process: its organisation, device and id, and the last sequence number at receipt."""

    org_id: OrgId
    device_id: DeviceId
    id: ExecutionId
    after_seq: Seq


class SystemExecutionStore(Protocol):
    """Executions of all organisations, for workers."""

    async def overdue(self, now_us: int, limit: int) -> Sequence[DueExecution]:
        """Executions whose deadline is at or before this time, longest overdue first."""

    async def awaiting_reading(self) -> Sequence[DueExecution]:
        """Received executions that the next reading of their device verifies."""

    async def organization_of(self, device_id: DeviceId) -> OrgId | None:
        """The organisation of a device, or None if the device does not exist."""

    async def drop_finished(self, before_us: int, limit: int) -> int:
        """Delete executions that ended before this time, with their history, oldest first; returns how many."""


@runtime_checkable
class HasCommands(Protocol):
    """A transaction with definitions of commands."""

    @property
    def commands(self) -> DefinitionStore:
        """Definitions of commands."""


class HasExecutions(Protocol):
    """A transaction with executions of commands."""

    @property
    def executions(self) -> ExecutionStore:
        """Executions of commands."""


class HasSystemExecutions(Protocol):
    """A transaction across organisations with executions of commands."""

    @property
    def executions(self) -> SystemExecutionStore:
        """Executions of commands, for workers."""


class CommandTransaction(HasCommands, HasExecutions, HasDevices, HasProjects, HasIdempotency, HasOutbox, HasAudit, Protocol):
    """The transaction of the use cases on commands."""
