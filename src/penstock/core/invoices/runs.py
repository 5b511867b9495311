"""Closing runs: the closing of a period for many accounts, which continues after a restart. Holds: accounts that wait. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import CustomerId, InvoiceHoldId, InvoiceId, InvoiceRunId, ResidentId

MAX_PROBLEMS = 100
"""How many problems of a run are kept: the first ones."""


class RunState(StrEnum):
    """The state of a run."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why an account was not closed. `code` is that of an error."""

    customer_id: CustomerId
    resident_id: ResidentId | None = None
    code: str
    detail: str


class InvoiceRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run. `customers` None: all that are invoiced for periods of this length.

    `total` is the number of accounts, None until they are counted. Each is counted once it is processed: as `issued`, as `failed`
    with a problem, or `skipped`, because it was invoiced before or there is nothing to bill. `after_*` is the account that was
    last processed.
    """

    id: InvoiceRunId
    period: str
    customers: tuple[CustomerId, ...] | None = None
    automatic: bool = False
    state: RunState = RunState.RUNNING
    total: int | None = None
    issued: int = 0
    failed: int = 0
    skipped: int = 0
    problems: tuple[Problem, ...] = ()
    after_customer: CustomerId = CustomerId(0)
    after_resident: ResidentId = ResidentId(0)
    created_us: int
    created_by: str = ""
    finished_us: int | None = None


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """An account whose period could not be closed. It goes away when the invoice is issued.

    `code` is that of an error, `reason` its text. A released one is closed even if values are suspect.
    """

    id: InvoiceHoldId
    customer_id: CustomerId
    resident_id: ResidentId | None = None
    period: str
    begin_us: int
    code: str
    reason: str
    created_us: int
    released_us: int | None = None
    released_by: str = ""


class BilledPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """The part of time that an invoice of an account bills."""

    invoice_id: InvoiceId
    number: str
    begin_us: int
    end_us: int
