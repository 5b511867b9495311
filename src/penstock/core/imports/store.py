"""The stores of imports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.customers.models import Customer, Resident
from penstock.core.customers.periods import Period
from penstock.core.devices.models import Device, Identifier
from penstock.core.devices.store import HasDevices
from penstock.core.imports.models import DueImport, Fault, Import
from penstock.core.meters.store import HasMeters
from penstock.core.people.store import HasMembers
from penstock.core.tenancy.store import HasKeys, HasProjects
from penstock.kit.ids import CustomerId, DeviceId, ImportId, ProfileId, ResidentId


class ImportStore(Protocol):
    """Imports of the transaction's organisation, and what their rows refer to, read for many rows at once."""

    async def create(self, found: Import, file: bytes | None) -> None:
        """Add an import with its file; None for one that has ended."""

    async def find(self, import_id: ImportId) -> Import | None:
        """An import, or None."""

    async def file(self, import_id: ImportId) -> bytes | None:
        """The file of an import that has not ended."""

    async def list(self, limit: int, before_id: int) -> list[Import]:
        """Imports newest first, with ids below `before_id`."""

    async def count_active(self) -> int:
        """How many have not ended."""

    async def update(self, found: Import) -> None:
        """Store the state and the counts. The file of one that has ended is deleted."""

    async def drop_old(self, keep: int) -> None:
        """Delete all that have ended but the newest `keep`, with their faults."""

    async def add_faults(self, import_id: ImportId, faults: Sequence[Fault]) -> None:
        """Add faults of rows, in the order of the rows."""

    async def faults(self, import_id: ImportId, limit: int, after: int) -> Sequence[tuple[int, Fault]]:
        """Faults of rows in order, each with its position, after a position."""

    async def holders(self, identifiers: Sequence[Identifier]) -> dict[Identifier, DeviceId]:
        """The devices that have these (normalised) identifiers."""

    async def devices(self, device_ids: Sequence[DeviceId]) -> Sequence[Device]:
        """Some devices; those that do not exist are left out."""

    async def customers(self, names: Sequence[str], customer_ids: Sequence[CustomerId]) -> Sequence[Customer]:
        """The customers with one of these tenant names, names or ids."""

    async def residents(self, emails: Sequence[str], resident_ids: Sequence[ResidentId]) -> Sequence[Resident]:
        """The residents with one of these e-mail addresses, in any case, or ids."""

    async def profiles(self, names: Sequence[str], profile_ids: Sequence[ProfileId]) -> Sequence[tuple[ProfileId, str]]:
        """Ids and names of the profiles with one of these names or ids."""

    async def periods(self, device_ids: Sequence[DeviceId]) -> Sequence[Period]:
        """Where some devices were placed, each oldest first."""


class SystemImportStore(Protocol):
    """Imports of all organisations, for the worker."""

    async def due(self) -> Sequence[DueImport]:
        """Those to work on: the oldest of each organisation that has not ended."""


class HasImports(Protocol):
    """A transaction with imports."""

    @property
    def imports(self) -> ImportStore:
        """Imports."""


class HasSystemImports(Protocol):
    """A transaction across organisations with imports."""

    @property
    def imports(self) -> SystemImportStore:
        """Imports of all organisations."""


class ImportTransaction(HasImports, HasDevices, HasMeters, HasProjects, HasMembers, HasKeys, HasAudit, Protocol):
    """The transaction of the use cases on imports."""
