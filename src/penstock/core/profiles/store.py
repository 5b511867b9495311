"""What keeps device profiles. Sees only the transaction's organisation."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.profiles.models import Profile, ProfileFilter
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import ProfileId


class ProfileStore(Protocol):
    """Device profiles."""

    async def create(self, profile: Profile) -> None:
        """Add a profile."""

    async def find(self, profile_id: ProfileId) -> Profile | None:
        """One profile, or None."""

    async def list(self, wanted: ProfileFilter, limit: int, before_id: int | None) -> list[Profile]:
        """Profiles newest first, older than `before_id`."""

    async def count(self) -> int:
        """How many there are."""

    async def count_devices(self, profile_id: ProfileId) -> int:
        """How many devices have a profile."""

    async def update(self, profile: Profile) -> None:
        """Replace what can be changed of a profile, its codec's version included."""

    async def delete(self, profile_id: ProfileId) -> None:
        """Remove a profile that no device has, with the versions of its codec."""


class HasProfiles(Protocol):
    """A transaction with profiles."""

    @property
    def profiles(self) -> ProfileStore:
        """Device profiles."""


class ProfileTransaction(HasProfiles, HasProjects, HasAudit, Protocol):
    """What use cases on profiles work with."""
