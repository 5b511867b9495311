"""The store of device profiles. It sees only the transaction's organisation."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.profiles.models import Profile, ProfileFilter
from penstock.core.registers.changes import HasConsumptionChanges
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import ProfileId
from penstock.kit.ordering import After


class ProfileStore(Protocol):
    """Device profiles."""

    async def create(self, profile: Profile) -> None:
        """Add a profile."""

    async def find(self, profile_id: ProfileId) -> Profile | None:
        """A profile, or None."""

    async def list(self, filters: ProfileFilter, limit: int, after: After) -> list[Profile]:
        """Profiles by default newest first, after a place or an id."""

    async def count(self) -> int:
        """The number of profiles."""

    async def count_devices(self, profile_id: ProfileId) -> int:
        """The number of devices that have a profile."""

    async def update(self, profile: Profile) -> None:
        """Replace the fields of a profile that can change, including its codec version."""

    async def delete(self, profile_id: ProfileId) -> None:
        """Delete a profile that is not assigned to a device, with its codec versions."""


class HasProfiles(Protocol):
    """A transaction with profiles."""

    @property
    def profiles(self) -> ProfileStore:
        """Device profiles."""


class ProfileTransaction(HasProfiles, HasProjects, HasConsumptionChanges, HasAudit, Protocol):
    """The transaction of the use cases on profiles."""
