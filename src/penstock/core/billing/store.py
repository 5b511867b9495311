"""What keeps bills. It sees only the transaction's organisation."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.billing.models import ActiveDevices, Statement
from penstock.core.database import OpensOrganizations
from penstock.core.outbox import HasOutbox
from penstock.core.tenancy.store import HasOrganizations
from penstock.kit.ids import CustomerId, DeviceId, StatementId


class BillStore(Protocol):
    """Devices that were active in months (UTC, by their begin), plans of the past, statements."""

    async def count_active(self, month_us: int) -> int:
        """How many devices reported in a month."""

    async def active_by_customer(self, month_us: int) -> list[ActiveDevices]:
        """The same by customer: where each was placed last in the month."""

    async def move_device(self, device_id: DeviceId, customer_id: CustomerId | None, month_us: int) -> None:
        """Note with which customer a device is in a month."""

    async def clear_customer(self, customer_id: CustomerId, month_us: int) -> None:
        """Note that a customer's devices are with nobody in a month."""

    async def billed_until(self) -> int | None:
        """Up to where months were looked at, None before the first."""

    async def set_billed_until(self, until_us: int) -> None:
        """Remember up to where months were looked at."""

    async def note_plan(self, at_us: int, before: str, after: str) -> None:
        """Note that the plan changed."""

    async def plan_at(self, at_us: int) -> str | None:
        """The plan just before a moment, None when it never changed."""

    async def add(self, statement: Statement) -> None:
        """Keep a statement. There is one of a month."""

    async def find(self, statement_id: StatementId) -> Statement | None:
        """One statement, or None."""

    async def list(self, limit: int, before_us: int) -> list[Statement]:
        """Statements, latest month first, before one."""


class HasBills(Protocol):
    """A transaction with bills."""

    @property
    def bills(self) -> BillStore:
        """Devices of months, and statements."""


class BillingTransaction(HasBills, HasOutbox, HasAudit, Protocol):
    """What use cases on bills work with."""


class BillingSystemTransaction(HasOrganizations, OpensOrganizations[BillingTransaction], Protocol):
    """What finds the months that are over."""
