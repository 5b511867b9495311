"""The store of preferences. Every method sees only the transaction's organisation."""

from __future__ import annotations

from typing import Protocol

from penstock.core.people.store import HasMembers
from penstock.core.preferences.models import Preferences
from penstock.kit.ids import UserId


class PreferenceStore(Protocol):
    """The preferences of members. They end with the membership."""

    async def find(self, user_id: UserId) -> Preferences | None:
        """The preferences of a member, or None if they never changed one."""

    async def save(self, user_id: UserId, preferences: Preferences, now_us: int) -> None:
        """Add or replace the preferences of a member."""


class HasPreferences(Protocol):
    """A transaction with preferences."""

    @property
    def preferences(self) -> PreferenceStore:
        """The preferences of members."""


class PreferenceTransaction(HasPreferences, HasMembers, Protocol):
    """The transaction of the use cases on preferences."""
