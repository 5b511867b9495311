"""What the command use cases need of a store. Every method sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

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


class DefinitionStore(Protocol):
    """Definitions of commands."""

    async def create(self, definition: Definition) -> None:
        """Add a definition.

        Raises:
            DefinitionExists: the device, type or project has one of this name.
        """

    async def find(self, definition_id: DefinitionId) -> Definition | None:
        """The definition with this id."""

    async def list(self, wanted: DefinitionFilter, limit: int, before_id: int | None) -> list[Definition]:
        """Definitions newest first, older than `before_id`."""

    async def of_device(self, device_id: DeviceId) -> Sequence[Definition]:
        """A device's own, by name."""

    async def of_type(self, device_type: str) -> Sequence[Definition]:
        """Those of a type of device, by name."""

    async def of_project(self, project_id: ProjectId) -> Sequence[Definition]:
        """Those of a project, by name."""

    async def update(self, definition: Definition) -> None:
        """Replace what can be changed.

        Raises:
            DefinitionExists: the device, type or project has another one of this name.
        """

    async def delete(self, definition_id: DefinitionId) -> None:
        """Remove a definition. Executions stay."""


class ExecutionStore(Protocol):
    """Executions, their history, and the queues they wait in."""

    async def create(self, execution: Execution, first: Transition) -> None:
        """Add an execution with the first row of its history."""

    async def find(self, execution_id: ExecutionId) -> Execution | None:
        """The execution with this id."""

    async def list(self, wanted: ExecutionFilter, limit: int, before_id: int | None) -> list[Execution]:
        """Executions newest first, older than `before_id`."""

    async def history(self, execution_id: ExecutionId) -> Sequence[Transition]:
        """The states it came into, oldest first."""

    async def save(self, execution: Execution, row: Transition | None = None) -> None:
        """Write what can change of an execution, and a row of its history when it moved."""

    async def waiting(self, device_id: DeviceId, transport: Transport, now_us: int, limit: int) -> Sequence[Execution]:
        """The first that wait for a device and may travel so, in the order they were asked for; expired ones are left out."""

    async def sent(self, device_id: DeviceId) -> Sequence[Execution]:
        """Those of a device whose receipt is open, in order."""

    async def last_handed_out(self, device_id: DeviceId, transport: Transport) -> Execution | None:
        """The newest of a device that may travel so and was handed out."""

    async def count(self, device_id: DeviceId) -> tuple[int, int]:
        """How many of a device wait, and how many are handed out and have not ended."""

    async def one_at_a_time(self, device_id: DeviceId) -> bool:
        """Whether a device does one after the other."""

    async def set_one_at_a_time(self, device_id: DeviceId, one_at_a_time: bool) -> None:
        """Set whether a device does one after the other."""


class DueExecution(msgspec.Struct, frozen=True):
    """An execution that a worker has to look at: its organisation, device, id, and where the log stood at receipt."""

    org_id: OrgId
    device_id: DeviceId
    id: ExecutionId
    after_seq: Seq


class SystemExecutionStore(Protocol):
    """Executions of every organisation, for workers."""

    async def overdue(self, now_us: int, limit: int) -> Sequence[DueExecution]:
        """Those whose state ends by itself at or before a moment, longest overdue first."""

    async def awaiting_reading(self) -> Sequence[DueExecution]:
        """Those received that the next reading of their device verifies."""

    async def organization_of(self, device_id: DeviceId) -> OrgId | None:
        """The organisation of a device, when it is there."""

    async def drop_finished(self, before_us: int, limit: int) -> int:
        """Remove executions that ended before a moment, with their history, oldest first; how many."""


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
    """What use cases on commands work with."""
