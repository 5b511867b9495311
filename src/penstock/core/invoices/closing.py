"""Closing periods: a run issues the invoices of its accounts, group by group.

Each group is one transaction with its invoices, their numbers, the holds and the progress of the run. So a crash loses a whole
group, which is then computed again, or nothing: no invoice is issued twice, and no number is missing. A group of more than one
shares the wait for the disk.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.invoices import events
from penstock.core.invoices.accounts import next_accounts
from penstock.core.invoices.drafting import (
    ESTIMATED,
    Draft,
    Drafter,
    Facts,
    Issuer,
    check_closable,
    check_values,
    draft_of,
    load_facts,
    priced_days,
)
from penstock.core.invoices.errors import CurrenciesDiffer, NoTariff, NotBillable, NotInvoiced, ValuesSuspect
from penstock.core.invoices.issuing import invoice_of, number_of, series_of
from penstock.core.invoices.models import Invoice
from penstock.core.invoices.periods import parse_period
from penstock.core.invoices.rechecking import LATE, InvoiceRechecks
from penstock.core.invoices.runs import MAX_PROBLEMS, Hold, InvoiceRun, Problem, RunState
from penstock.core.invoices.sellers import Sellers
from penstock.core.invoices.setup import InvoiceTarget, Invoicing
from penstock.core.invoices.store import InvoiceTransaction
from penstock.core.tariffs.accounts import Account
from penstock.kit.clock import Clock
from penstock.kit.ids import IdSource, InvoiceHoldId, InvoiceId, InvoiceRunId, OrgId, Prefix, encode

HELD = frozenset(error.code for error in (NoTariff, CurrenciesDiffer, ValuesSuspect))
"""What a person can resolve, so that the period can be closed."""
GROUP = 50
"""Accounts in one transaction. Their drafts are in memory, and other writers wait until they are stored."""


class _Outcome(msgspec.Struct, kw_only=True):
    """The outcome of a group: drafts to issue, problems, and the number of accounts with nothing to do."""

    drafts: list[Draft]
    problems: list[tuple[Facts | None, Problem]]
    skipped: int = 0


class PeriodCloser:
    """Carries out runs."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[InvoiceTransaction],
        drafter: Drafter,
        rechecks: InvoiceRechecks,
        sellers: Sellers,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._drafter = drafter
        self._rechecks = rechecks
        self._sellers = sellers
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def advance(self, org_id: OrgId, run_id: InvoiceRunId) -> bool:
        """Process the next group of a run. Returns whether it is still running."""
        async with self._database.snapshot(org_id) as tx:
            run = await tx.invoice_runs.find(run_id)
        if run is None or run.state is not RunState.RUNNING:
            return False
        if run.total is None:
            await self._rechecks.update(org_id)
            return await self._begin(org_id, run)
        issuer = await self._sellers.of(org_id)
        async with self._database.snapshot(org_id) as tx:
            accounts = await next_accounts(tx, run, GROUP)
            loaded = [
                (account, settings, await self._facts(tx, run, account, settings, issuer)) for account, settings in accounts
            ]
        outcome = await self._drafted(org_id, loaded)
        return await self._commit(org_id, run, [account for account, _ in accounts], outcome)

    async def _begin(self, org_id: OrgId, run: InvoiceRun) -> bool:
        """Count the accounts of a run."""
        total, at = 0, run
        while True:
            async with self._database.snapshot(org_id) as tx:
                accounts = await next_accounts(tx, at, 10 * GROUP)
            if not accounts:
                break
            total += len(accounts)
            at = _after(at, accounts[-1][0])
        async with self._database.transaction(org_id) as tx:
            current = await tx.invoice_runs.find(run.id)
            if current is None or current.state is not RunState.RUNNING:
                return False
            await tx.invoice_runs.update(msgspec.structs.replace(current, total=total))
        return True

    @staticmethod
    async def _facts(
        tx: InvoiceTransaction, run: InvoiceRun, account: Account, settings: Invoicing, issuer: Issuer
    ) -> Facts | None:
        if settings.target is InvoiceTarget.NONE:
            return None
        return await load_facts(tx, account, settings, parse_period(run.period), issuer)

    async def _drafted(self, org_id: OrgId, loaded: Sequence[tuple[Account, Invoicing, Facts | None]]) -> _Outcome:
        outcome = _Outcome(drafts=[], problems=[])
        closable: list[Facts] = []
        for account, _, facts in loaded:
            if facts is not None and facts.is_invoiced:
                outcome.skipped += 1
                continue
            try:
                closable.append(self._closable(account, facts))
            except NotBillable as error:
                outcome.problems.append((facts, _problem(account, error)))
        read = await self._drafter.read(org_id, closable)
        for facts in closable:
            draft = draft_of(facts, read)
            try:
                check_values(draft)
            except NotBillable as error:
                outcome.problems.append((facts, _problem(facts.account, error)))
                continue
            if draft.lines:
                outcome.drafts.append(draft)
            else:
                outcome.skipped += 1
        return outcome

    def _closable(self, account: Account, facts: Facts | None) -> Facts:
        if facts is None:
            raise NotInvoiced(customer_id=encode(Prefix.CUSTOMER, account.customer.id))
        check_closable(facts, self._clock.now_us())
        priced_days(facts)
        return facts

    async def _commit(self, org_id: OrgId, run: InvoiceRun, accounts: Sequence[Account], outcome: _Outcome) -> bool:
        """Store the outcome of a group, unless the run was cancelled in the meantime."""
        now_us = self._clock.now_us()
        async with self._database.transaction(org_id) as tx:
            current = await tx.invoice_runs.find(run.id)
            if current is None or current.state is not RunState.RUNNING:
                return False
            issued = await self._issue(tx, org_id, outcome.drafts, now_us)
            await self._hold(tx, outcome.problems, now_us)
            done = _progressed(run, accounts, issued, outcome, now_us)
            await tx.invoice_runs.update(done)
        return done.state is RunState.RUNNING

    async def _issue(self, tx: InvoiceTransaction, org_id: OrgId, drafts: Sequence[Draft], now_us: int) -> int:
        """Issue invoices with the next numbers of their series. Returns how many."""
        by_series: dict[str, list[Draft]] = {}
        for draft in drafts:
            facts = draft.facts
            account = facts.account
            # Again, in the transaction: another run may have closed the period since the facts were read.
            if not await tx.invoices.billed(account.customer.id, account.resident_id, facts.begin_us, facts.end_us):
                series = series_of(facts.settings.number_prefix, account.customer.timezone, now_us)
                by_series.setdefault(series, []).append(draft)
        invoices: list[Invoice] = []
        for series, group in by_series.items():
            first = await tx.invoices.take_numbers(series, len(group))
            for count, draft in enumerate(group, start=first):
                invoices.append(invoice_of(draft, self._ids.next(InvoiceId), number_of(series, count), now_us))
                await self._settle(tx, draft, invoices[-1])
        await tx.invoices.add_all(invoices)
        for one, draft in _paired(invoices, by_series):
            if draft.is_unsettled:
                await tx.rechecks.mark([one.id], ESTIMATED if draft.notes.estimated or draft.notes.missing else LATE)
        await tx.outbox.add_all([(events.CREATED, one.id, events.changed(one, now_us)) for one in invoices])
        await self._trail.record_all(tx, Actor.system(org_id), "invoice.create", [audited(one) for one in invoices])
        return len(invoices)

    @staticmethod
    async def _settle(tx: InvoiceTransaction, draft: Draft, invoice: Invoice) -> None:
        await tx.rechecks.unmark(draft.settled)
        await tx.invoicing.end_hold(invoice.customer_id, invoice.resident_id, invoice.begin_us)

    async def _hold(self, tx: InvoiceTransaction, problems: Sequence[tuple[Facts | None, Problem]], now_us: int) -> None:
        """Hold the accounts that a person has to look at. One that waits for the same reason already is not reported again."""
        for facts, problem in problems:
            if facts is None or problem.code not in HELD:
                continue
            before = await tx.invoicing.hold_of(problem.customer_id, problem.resident_id, facts.begin_us)
            held = Hold(
                id=self._ids.next(InvoiceHoldId) if before is None else before.id,
                customer_id=problem.customer_id,
                resident_id=problem.resident_id,
                period=facts.period.name,
                begin_us=facts.begin_us,
                code=problem.code,
                reason=problem.detail,
                created_us=now_us,
            )
            await tx.invoicing.hold(held)
            if before is None or before.code != held.code:
                await tx.outbox.add(events.HELD, held.id, events.held(held, now_us))


def audited(invoice: Invoice) -> tuple[Target, dict[str, object]]:
    """An invoice as the target of an audit entry, with its details."""
    target = Target("invoice", encode(Prefix.INVOICE, invoice.id), invoice.number)
    after = {"period": invoice.period, "account": invoice.account, "gross": str(invoice.gross), "currency": invoice.currency}
    return target, {"after": after}


def _paired(invoices: Sequence[Invoice], by_series: dict[str, list[Draft]]) -> list[tuple[Invoice, Draft]]:
    return list(zip(invoices, (draft for group in by_series.values() for draft in group), strict=True))


def _problem(account: Account, error: NotBillable) -> Problem:
    return Problem(customer_id=account.customer.id, resident_id=account.resident_id, code=error.code, detail=error.detail)


def _after(run: InvoiceRun, account: Account) -> InvoiceRun:
    resident_id = account.resident_id or 0
    return msgspec.structs.replace(run, after_customer=account.customer.id, after_resident=resident_id)


def _progressed(run: InvoiceRun, accounts: Sequence[Account], issued: int, outcome: _Outcome, now_us: int) -> InvoiceRun:
    """The run after a group; one of no accounts ends it."""
    if not accounts:
        return msgspec.structs.replace(run, state=RunState.DONE, finished_us=now_us)
    problems = (*run.problems, *(problem for _, problem in outcome.problems))
    return msgspec.structs.replace(
        _after(run, accounts[-1]),
        issued=run.issued + issued,
        failed=run.failed + len(outcome.problems),
        skipped=run.skipped + outcome.skipped + len(outcome.drafts) - issued,
        problems=problems[:MAX_PROBLEMS],
    )
