"""Imports, the faults of their rows, and what a row leads to."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.core.customers.models import NewResident, Resident
from penstock.core.devices.models import Device, DevicePatch, NewDevice
from penstock.core.meters.settings import MeterSettings
from penstock.kit.ids import CustomerId, DeviceId, ImportId, OrgId, ResidentId


class ImportKind(StrEnum):
    """What the rows of a file are."""

    DEVICES = "devices"
    REGISTERS = "registers"
    RESIDENTS = "residents"
    PLACEMENTS = "placements"


class ImportState(StrEnum):
    """The state of an import. Of an organisation's, one is running at a time, and the others wait in the order of creation."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What a row without a fault leads to."""

    MADE = "made"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of rows by their outcome."""

    made: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0

    @property
    def done(self) -> int:
        """How many rows were processed."""
        return self.made + self.updated + self.unchanged + self.failed


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """One import. `author` is the caller as the audit log names them; `actor` is who it acts for, encoded."""

    id: ImportId
    kind: ImportKind
    is_dry_run: bool
    state: ImportState
    rows: int
    author: str
    actor: bytes
    created_us: int
    counts: Counts = Counts()
    started_us: int | None = None
    finished_us: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether it is still to be run, or running."""
        return self.state in (ImportState.QUEUED, ImportState.RUNNING)


class Fault(msgspec.Struct, frozen=True):
    """Why a row cannot be imported. `row` counts as a spreadsheet does, from the header as 1; an empty `column` is the row."""

    row: int
    column: str
    detail: str


class DueImport(msgspec.Struct, frozen=True, kw_only=True):
    """An import that the worker has to work on."""

    org_id: OrgId
    id: ImportId


class CreateDevice(msgspec.Struct, frozen=True):
    """Create a device."""

    new: NewDevice


class UpdateDevice(msgspec.Struct, frozen=True):
    """Change a device. `after` is what it becomes."""

    after: Device
    patch: DevicePatch


class SetMeter(msgspec.Struct, frozen=True):
    """Replace the registers and the role of a device."""

    device_id: DeviceId
    settings: MeterSettings


class AddResident(msgspec.Struct, frozen=True):
    """Add a resident to a customer."""

    customer_id: CustomerId
    new: NewResident


class RenameResident(msgspec.Struct, frozen=True):
    """Change the name of a resident. `after` is what they become."""

    after: Resident


class PlaceDevice(msgspec.Struct, frozen=True):
    """Place a device with a customer and perhaps a resident; `from_us` None is the usual time."""

    device_id: DeviceId
    customer_id: CustomerId
    resident_id: ResidentId | None
    from_us: int | None


Step = CreateDevice | UpdateDevice | SetMeter | AddResident | RenameResident | PlaceDevice


class Planned(msgspec.Struct, frozen=True):
    """What a row leads to: its outcome, the name of the device or resident, and the step; None if it changes nothing."""

    outcome: Outcome
    name: str
    step: Step | None = None


class PreviewRow(msgspec.Struct, frozen=True):
    """What would become of a row."""

    row: int
    outcome: Outcome
    name: str


class DryRun(msgspec.Struct, frozen=True):
    """The result of a dry run: the import, which has ended, and what would become of the rows that have no fault."""

    found: Import
    preview: list[PreviewRow]
