"""The store of licences. Every method sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.licenses.models import License
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import DeviceId, ProjectId


class LicenseStore(Protocol):
    """Licences. An assigned licence belongs to the project of its device."""

    async def create(self, licence: License) -> None:
        """Add a licence."""

    async def pair(self, device_id: DeviceId, project_id: ProjectId) -> bool:
        """Assign the oldest free licence of a project to a device; False if there is none."""

    async def assign_all(self, licences: Sequence[License]) -> None:
        """Assign a licence to the device of each: the oldest free one of its project, or this new one."""

    async def find(self, license_id: str) -> License | None:
        """The licence with this id."""

    async def find_of_device(self, device_id: DeviceId) -> License | None:
        """The licence of a device."""

    async def list(self, project_id: ProjectId, limit: int, after: str) -> Sequence[License]:
        """Licences of a project by id, above `after`."""

    async def count_available(self, project_id: ProjectId) -> int:
        """The number of free licences of a project."""

    async def delete(self, license_id: str) -> None:
        """Delete a licence."""


class HasLicenses(Protocol):
    """A transaction with licences."""

    @property
    def licenses(self) -> LicenseStore:
        """Licences of projects."""


class LicenseTransaction(HasLicenses, HasProjects, HasAudit, Protocol):
    """The transaction of use cases on licences."""
