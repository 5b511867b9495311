"""The stores of invoices. Each sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.audit.store import HasAudit
from penstock.core.database import OpensOrganizations
from penstock.core.invoices.models import Invoice, InvoiceState, IssuedInvoice, Party
from penstock.core.invoices.runs import BilledPeriod, Hold, InvoiceRun
from penstock.core.invoices.setup import Invoicing, Schedule
from penstock.core.outbox import HasOutbox
from penstock.core.tariffs.accounts import HasAccounts
from penstock.core.tariffs.store import HasTariffs
from penstock.kit.ids import ChangeId, CustomerId, DeviceId, InvoiceHoldId, InvoiceId, InvoiceRunId, OrgId, ResidentId, Seq


class InvoiceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which invoices to list; None means all."""

    customer_id: CustomerId | None = None
    resident_id: ResidentId | None = None
    period: str | None = None
    state: InvoiceState | None = None
    number: str | None = None


class InvoiceStore(Protocol):
    """Invoices and credit notes. Only their state is ever changed."""

    async def take_numbers(self, series: str, count: int) -> int:
        """Take the next numbers of a series; returns the first. They are lost only with the transaction."""

    async def add_all(self, invoices: Sequence[Invoice]) -> None:
        """Add invoices. An account has one per period that is not cancelled."""

    async def find(self, invoice_id: InvoiceId) -> IssuedInvoice | None:
        """An invoice, or None."""

    async def list(self, matching: InvoiceFilter, limit: int, before_id: int) -> list[IssuedInvoice]:
        """Invoices, newest first, below `before_id`."""

    async def billed(
        self, customer_id: CustomerId, resident_id: ResidentId | None, begin_us: int, end_us: int
    ) -> Sequence[BilledPeriod]:
        """The periods that were billed to an account and overlap a range, without cancelled ones."""

    async def set_state(self, changed: IssuedInvoice) -> None:
        """Store the state of an invoice."""

    async def correcting(self, invoice_id: InvoiceId) -> Sequence[IssuedInvoice]:
        """The invoices, without cancelled ones, that have corrections of one."""


class RecheckStore(Protocol):
    """Invoices whose consumption may have changed since. The next invoice of the account corrects them."""

    async def closed_until(self) -> tuple[int, int]:
        """The latest end of an invoiced period, and when the latest invoice was issued; 0 if there is none."""

    async def position(self) -> tuple[ChangeId, Seq] | None:
        """Up to which change of consumption and which reading the marks are complete; None before the first invoice."""

    async def set_position(self, change_id: ChangeId, seq: Seq) -> None:
        """Store the position."""

    async def last_change(self) -> ChangeId:
        """The number of the latest change of consumption, 0 if there is none."""

    async def changes(self, after_id: ChangeId, limit: int) -> list[tuple[ChangeId, DeviceId, int, str]]:
        """Changes of consumption after one: number, device, from when on, and why."""

    async def mark_device(self, device_id: DeviceId, from_us: int, reason: str) -> None:
        """Mark the invoices that the readings of a device from a time on are in, or would now be in."""

    async def mark(self, invoice_ids: Sequence[InvoiceId], reason: str) -> None:
        """Mark invoices."""

    async def marked(self, customer_id: CustomerId, resident_id: ResidentId | None, limit: int) -> list[tuple[Invoice, str]]:
        """The marked invoices of an account, oldest first, each with the reasons."""

    async def unmark(self, invoice_ids: Sequence[InvoiceId]) -> None:
        """Remove the marks of invoices."""


class InvoicingStore(Protocol):
    """The settings of customers, the parties of invoices, and held accounts."""

    async def find(self, customer_id: CustomerId) -> Invoicing | None:
        """The settings of a customer, or None."""

    async def schedule(self, customer_id: CustomerId) -> Schedule | None:
        """The next automatic closing of a customer, or None."""

    async def set(self, customer_id: CustomerId, settings: Invoicing, schedule: Schedule | None) -> None:
        """Replace the settings of a customer and its next automatic closing."""

    async def customers(self, after_id: int, limit: int) -> list[tuple[CustomerId, Invoicing]]:
        """The customers with settings, by id."""

    async def party(self, customer_id: CustomerId | None, resident_id: ResidentId | None) -> Party | None:
        """The data of a buyer, or of the seller if both are None; None if nothing was set."""

    async def set_party(self, customer_id: CustomerId | None, resident_id: ResidentId | None, party: Party) -> None:
        """Replace the data of a buyer, or of the seller if both are None."""

    async def hold(self, hold: Hold) -> None:
        """Hold an account's period, or replace why it is held. It keeps its id and when it was first held."""

    async def find_hold(self, hold_id: InvoiceHoldId) -> Hold | None:
        """A hold, or None."""

    async def hold_of(self, customer_id: CustomerId, resident_id: ResidentId | None, begin_us: int) -> Hold | None:
        """The hold of an account's period, or None."""

    async def holds(self, customer_id: CustomerId | None, limit: int, after_id: int) -> list[Hold]:
        """The holds of a customer or of all, by id."""

    async def release(self, hold_id: InvoiceHoldId, at_us: int, by: str) -> None:
        """Release a hold."""

    async def end_hold(self, customer_id: CustomerId, resident_id: ResidentId | None, begin_us: int) -> None:
        """Remove the hold of an account's period, as it is invoiced."""


class InvoiceRunStore(Protocol):
    """Closing runs."""

    async def create(self, run: InvoiceRun) -> None:
        """Add a run."""

    async def find(self, run_id: InvoiceRunId) -> InvoiceRun | None:
        """A run, or None."""

    async def list(self, limit: int, before_id: int) -> list[InvoiceRun]:
        """Runs, newest first."""

    async def update(self, run: InvoiceRun) -> None:
        """Store the progress and the state of a run."""


class HasInvoices(Protocol):
    """A transaction with invoices."""

    @property
    def invoices(self) -> InvoiceStore:
        """Invoices and credit notes."""

    @property
    def rechecks(self) -> RecheckStore:
        """Invoices to compare again."""

    @property
    def invoicing(self) -> InvoicingStore:
        """Settings, parties and holds."""

    @property
    def invoice_runs(self) -> InvoiceRunStore:
        """Closing runs."""


class InvoiceTransaction(HasInvoices, HasTariffs, HasAccounts, HasOutbox, HasAudit, Protocol):
    """The transaction of the use cases on invoices."""


class SystemInvoiceStore(Protocol):
    """What is to be closed, in all organisations."""

    async def running(self) -> tuple[OrgId, InvoiceRunId] | None:
        """The oldest running run, or None."""

    async def due(self, now_us: int, limit: int) -> list[tuple[OrgId, Schedule]]:
        """The automatic closings that are due, earliest first."""

    async def followed(self, after_id: int, limit: int) -> list[OrgId]:
        """The organisations with invoices by id, above `after_id`."""


class InvoiceSystemTransaction(OpensOrganizations[InvoiceTransaction], Protocol):
    """The transaction of the worker that closes periods."""

    @property
    def invoices(self) -> SystemInvoiceStore:
        """What is to be closed."""
