"""The store of tariffs and their assignments. It sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.tariffs.accounts import HasAccounts
from penstock.core.tariffs.models import Assignment, Tariff
from penstock.kit.ids import CustomerId, ResidentId, TariffId
from penstock.kit.ordering import After


class TariffStore(Protocol):
    """Tariffs, each with all its versions."""

    async def create(self, tariff: Tariff) -> None:
        """Add a tariff."""

    async def find(self, tariff_id: TariffId) -> Tariff | None:
        """A tariff, or None."""

    async def list(self, limit: int, after: After) -> list[Tariff]:
        """Tariffs after a place or an id, by default by id."""

    async def update(self, tariff: Tariff) -> None:
        """Update the name and the versions of a tariff."""

    async def delete(self, tariff_id: TariffId) -> None:
        """Delete a tariff that is not assigned."""

    async def is_assigned(self, tariff_id: TariffId) -> bool:
        """Whether a customer or resident has the tariff at any time."""

    async def assignments(self, customer_id: CustomerId, resident_id: ResidentId | None) -> Sequence[Assignment]:
        """The assignments of a customer, or those of one resident of them, by their first days."""

    async def assign(self, customer_id: CustomerId, resident_id: ResidentId | None, assignments: Sequence[Assignment]) -> None:
        """Replace the assignments of a customer, or those of one resident of them."""


class HasTariffs(Protocol):
    """A transaction with tariffs."""

    @property
    def tariffs(self) -> TariffStore:
        """Tariffs and their assignments."""


class TariffTransaction(HasTariffs, HasAccounts, HasAudit, Protocol):
    """The transaction of the use cases on tariffs."""
