"""The accounts of a run, in the order of their ids, so that it can continue after any of them."""

from __future__ import annotations

from penstock.core.invoices.periods import parse_period
from penstock.core.invoices.runs import InvoiceRun
from penstock.core.invoices.setup import InvoiceTarget, Invoicing
from penstock.core.invoices.store import InvoiceTransaction
from penstock.core.tariffs.accounts import Account
from penstock.kit.ids import CustomerId

CUSTOMERS = 100


async def next_accounts(tx: InvoiceTransaction, run: InvoiceRun, limit: int) -> list[tuple[Account, Invoicing]]:
    """The accounts after the one that was last processed, with the settings of their customers.

    A customer that is named and is not invoiced is an account too, so that its problem is shown.
    """
    found: list[tuple[Account, Invoicing]] = []
    after_resident = int(run.after_resident)
    customer_id = run.after_customer
    # The customer of the last account may have further residents.
    if after_resident:
        found += await _accounts_of(tx, customer_id, await tx.invoicing.find(customer_id), after_resident, limit)
    while len(found) < limit:
        customers = await _customers(tx, run, customer_id)
        for customer_id, settings in customers:
            found += await _accounts_of(tx, customer_id, settings, 0, limit - len(found))
            if len(found) >= limit:
                break
        if not customers:
            break
    return found


async def _customers(tx: InvoiceTransaction, run: InvoiceRun, after_id: CustomerId) -> list[tuple[CustomerId, Invoicing]]:
    """The next customers: those that are named, or all that are invoiced for periods of this length."""
    if run.customers is not None:
        named = [one for one in run.customers if one > after_id][:CUSTOMERS]
        return [(one, await tx.invoicing.find(one) or Invoicing()) for one in named]
    length = parse_period(run.period).length
    found: list[tuple[CustomerId, Invoicing]] = []
    while not found:
        page = await tx.invoicing.customers(after_id, CUSTOMERS)
        found = [(one, it) for one, it in page if it.target is not InvoiceTarget.NONE and it.period is length]
        if len(page) < CUSTOMERS:
            break
        after_id = page[-1][0]
    return found


async def _accounts_of(
    tx: InvoiceTransaction, customer_id: CustomerId, settings: Invoicing | None, after_resident: int, limit: int
) -> list[tuple[Account, Invoicing]]:
    customer = await tx.customers.find(customer_id)
    if customer is None or settings is None:
        return []
    if settings.target is not InvoiceTarget.RESIDENTS:
        return [] if after_resident else [(Account(customer=customer), settings)]
    residents = await tx.residents.list(customer_id, limit, after_resident)
    return [(Account(customer=customer, resident=one), settings) for one in residents]
