"""The store of bills. It sees only the transaction's organisation."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.billing.models import ActiveDevices, Statement
from penstock.core.database import OpensOrganizations
from penstock.core.outbox import HasOutbox
from penstock.core.tenancy.store import HasOrganizations
from penstock.kit.ids import CustomerId, DeviceId, StatementId


class BillStore(Protocol):
    """Active devices by month (identified by its start, UTC), past plans, and statements."""

    async def count_active(self, month_us: int) -> int:
        """The number of devices that reported in a month."""

    async def active_by_customer(self, month_us: int) -> list[ActiveDevices]:
        """The number of active devices by customer: the last customer of each in the month."""

    async def move_device(self, device_id: DeviceId, customer_id: CustomerId | None, month_us: int) -> None:
        """Record a device's customer in a month."""

    async def clear_customer(self, customer_id: CustomerId, month_us: int) -> None:
        """Record that a customer's devices have no customer in a month."""

    async def billed_until(self) -> int | None:
        """The end of the last processed month, None before the first."""

    async def set_billed_until(self, until_us: int) -> None:
        """Store the end of the last processed month."""

    async def record_plan(self, at_us: int, before: str, after: str) -> None:
        """Record a change of plan."""

    async def plan_at(self, at_us: int) -> str | None:
        """The plan just before this time, None if it never changed."""

    async def add(self, statement: Statement) -> None:
        """Add a statement. There is one per month."""

    async def find(self, statement_id: StatementId) -> Statement | None:
        """A statement, or None."""

    async def list(self, limit: int, before_us: int) -> list[Statement]:
        """Statements, latest month first, before `before_us`."""


class HasBills(Protocol):
    """A transaction with bills."""

    @property
    def bills(self) -> BillStore:
        """Active devices by month, and statements."""


class BillingTransaction(HasBills, HasOutbox, HasAudit, Protocol):
    """The transaction of the use cases on bills."""


class BillingSystemTransaction(HasOrganizations, OpensOrganizations[BillingTransaction], Protocol):
    """The transaction that finds completed months."""
