"""Drafts: the lines of an account's invoice, computed from its usage and the prices of the time.

The facts are read in one transaction, the usage after it, because that takes longer. What changes in between is noted as a change
of consumption or a late reading, and corrected in the next invoice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from penstock.core.invoices.corrections import corrections_in, corrections_of
from penstock.core.invoices.errors import CurrenciesDiffer, NoTariff, PeriodBilled, PeriodMismatch, PeriodNotEnded, ValuesSuspect
from penstock.core.invoices.models import Applied, Invoice, Line, Notes, Party
from penstock.core.invoices.periods import Period, start_us
from penstock.core.invoices.pricing import PricedUsage, charged_days, lines_of
from penstock.core.invoices.runs import BilledPeriod
from penstock.core.invoices.setup import Invoicing
from penstock.core.invoices.store import InvoiceTransaction
from penstock.core.meters.models import Quality
from penstock.core.meters.usage import MeterUsage, UsageReader
from penstock.core.tariffs.accounts import Account
from penstock.core.tariffs.currencies import places_of
from penstock.core.tariffs.models import Assignment, Tariff
from penstock.core.tariffs.timeline import PricedDays, timeline_of
from penstock.core.telemetry.buckets import parse_zone
from penstock.kit.clock import DAY_US, format_time
from penstock.kit.ids import InvoiceId, OrgId, TariffId

MAX_RECHECKED = 36
"""How many earlier invoices one invoice corrects; the others follow in the next one."""
ESTIMATED = "estimated values"
UNSETTLED_US = 400 * DAY_US
"""For how long an invoice with estimated values is compared again: a meter that is silent for longer does not come back."""


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier invoice to compare again, why, and the lines of later ones that correct it."""

    invoice: Invoice
    reason: str
    corrected: Sequence[Line]


class Issuer(msgspec.Struct, frozen=True, kw_only=True):
    """The seller, and since when its readings are kept: what was billed before cannot be computed again."""

    seller: Party
    kept_from_us: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What an account's invoice for a period depends on, besides its usage."""

    account: Account
    settings: Invoicing
    period: Period
    begin_us: int
    end_us: int
    assignments: Sequence[Assignment]
    tariffs: Mapping[TariffId, Tariff]
    billed: Sequence[BilledPeriod]
    marked: Sequence[Marked]
    is_released: bool
    kept_from_us: int
    seller: Party
    buyer: Party

    @property
    def zone(self) -> ZoneInfo:
        """The customer's time zone."""
        return parse_zone(self.account.customer.timezone)

    @property
    def is_invoiced(self) -> bool:
        """Whether exactly this period was billed."""
        return any((one.begin_us, one.end_us) == (self.begin_us, self.end_us) for one in self.billed)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The content of an invoice that is not issued. `settled` are the marked invoices that need not be compared again.

    `is_unsettled`: it has estimated values itself.
    """

    facts: Facts
    currency: str
    lines: tuple[Line, ...]
    applied: tuple[Applied, ...]
    notes: Notes
    settled: tuple[InvoiceId, ...]
    is_unsettled: bool


async def load_facts(tx: InvoiceTransaction, account: Account, settings: Invoicing, period: Period, issuer: Issuer) -> Facts:
    """Read the facts of an account in a running transaction."""
    customer, resident_id = account.customer, account.resident_id
    zone = parse_zone(customer.timezone)
    begin_us, end_us = start_us(period.begin, zone), start_us(period.end, zone)
    assignments = [*await tx.tariffs.assignments(customer.id, None)]
    if resident_id is not None:
        assignments += await tx.tariffs.assignments(customer.id, resident_id)
    found = [await tx.tariffs.find(one) for one in sorted({one.tariff_id for one in assignments})]
    held = await tx.invoicing.hold_of(customer.id, resident_id, begin_us)
    return Facts(
        account=account,
        settings=settings,
        period=period,
        begin_us=begin_us,
        end_us=end_us,
        assignments=assignments,
        tariffs={tariff.id: tariff for tariff in found if tariff is not None},
        billed=await tx.invoices.billed(customer.id, resident_id, begin_us, end_us),
        marked=[
            Marked(invoice=one, reason=reason, corrected=corrections_in(await tx.invoices.correcting(one.id), one.id))
            for one, reason in await tx.rechecks.marked(customer.id, resident_id, MAX_RECHECKED)
        ],
        is_released=held is not None and held.released_us is not None,
        kept_from_us=issuer.kept_from_us,
        seller=issuer.seller,
        buyer=_buyer(account, await tx.invoicing.party(customer.id, resident_id)),
    )


def check_closable(facts: Facts, now_us: int) -> None:
    """Check that a period can be closed now.

    Raises:
        PeriodMismatch, PeriodNotEnded, PeriodBilled.
    """
    if facts.period.length is not facts.settings.period:
        raise PeriodMismatch(length=facts.settings.period.value, period=facts.period.name)
    if now_us < facts.end_us:
        raise PeriodNotEnded(period=facts.period.name, ends_at=format_time(facts.end_us))
    if facts.billed:
        raise PeriodBilled(number=facts.billed[0].number, period=facts.period.name)


def check_values(draft: Draft) -> None:
    """Check that no suspect value holds the invoice.

    Raises:
        ValuesSuspect.
    """
    facts = draft.facts
    if facts.settings.hold_if_suspect and draft.notes.suspects and not facts.is_released:
        raise ValuesSuspect(suspects=draft.notes.suspects, period=facts.period.name)


class Drafter:
    """Computes drafts."""

    def __init__(self, usage: UsageReader) -> None:
        self._usage = usage

    async def draft(self, org_id: OrgId, facts: Facts) -> Draft:
        """The draft of an account.

        Raises:
            NoTariff, CurrenciesDiffer.
        """
        parts = _priced_days(facts)
        currency = parts[0].tariff.currency
        used = [await self._used(org_id, facts, part) for part in parts]
        usages = [usage for one in used for usage in one.usages]
        corrections, settled = await self._corrections(org_id, facts, currency)
        lines = [line for one in used for line in lines_of(one, facts.zone, places_of(currency))]
        return Draft(
            facts=facts,
            currency=currency,
            lines=(*lines, *corrections),
            applied=tuple(one.applied for one in used),
            notes=_notes_of(usages),
            settled=tuple(settled),
            is_unsettled=any(_is_unsettled(one) for one in usages),
        )

    async def _used(self, org_id: OrgId, facts: Facts, part: PricedDays) -> PricedUsage:
        applied = Applied(
            begin_us=start_us(part.begin, facts.zone),
            end_us=start_us(part.end, facts.zone),
            tariff_id=part.tariff.id,
            tariff=part.tariff.name,
            prices=part.prices,
        )
        return await self._priced(org_id, facts.account, applied, facts.zone)

    async def _priced(self, org_id: OrgId, account: Account, applied: Applied, zone: ZoneInfo) -> PricedUsage:
        usages = await self._usage.of_account(
            org_id, account.customer.id, account.resident_id, applied.begin_us, applied.end_us, zone.key
        )
        return PricedUsage(applied=applied, usages=usages, days=charged_days(usages, zone))

    async def _corrections(self, org_id: OrgId, facts: Facts, currency: str) -> tuple[list[Line], list[InvoiceId]]:
        """The corrections of earlier invoices, and those of them that need not be compared again."""
        lines: list[Line] = []
        settled: list[InvoiceId] = []
        places = places_of(currency)
        for marked in facts.marked:
            invoice = marked.invoice
            if invoice.begin_us < facts.kept_from_us:
                settled.append(invoice.id)
            if invoice.begin_us < facts.kept_from_us or invoice.currency != currency:
                continue  # without its readings, or in another currency: an invoice has only one
            # Its days are those of its own time zone, whatever the customer's is now.
            zone = parse_zone(invoice.timezone)
            used = [await self._priced(org_id, facts.account, applied, zone) for applied in invoice.applied]
            now = [line for one in used for line in lines_of(one, zone, places)]
            lines += corrections_of(invoice, marked.corrected, now, marked.reason, places)
            is_old = invoice.end_us < facts.end_us - UNSETTLED_US
            if is_old or not any(_is_unsettled(usage) for one in used for usage in one.usages):
                settled.append(invoice.id)
        return lines, settled


def _priced_days(facts: Facts) -> list[PricedDays]:
    timeline = timeline_of(facts.assignments, facts.tariffs, facts.period.begin, facts.period.end)
    if timeline.unpriced is not None or not timeline.parts:
        raise NoTariff(day=(timeline.unpriced or facts.period.begin).isoformat())
    currencies = sorted({part.tariff.currency for part in timeline.parts})
    if len(currencies) > 1:
        raise CurrenciesDiffer(period=facts.period.name, currencies=" and ".join(currencies))
    return timeline.parts


def _is_unsettled(usage: MeterUsage) -> bool:
    """Whether later readings change it: a part is estimated, because there is no reading after it, or nothing is known."""
    return usage.amount is None or usage.quality is Quality.ESTIMATED or not usage.is_settled


def _notes_of(usages: Sequence[MeterUsage]) -> Notes:
    known = {one.device_name for one in usages if one.amount is not None}
    return Notes(
        estimated=tuple(sorted({one.device_name for one in usages if one.estimated})),
        missing=tuple(sorted({one.device_name for one in usages if one.amount is None} - known)),
        suspects=sum(one.suspects for one in usages),
    )


def _buyer(account: Account, known: Party | None) -> Party:
    email = account.customer.admin_email if account.resident is None else account.resident.email
    party = known or Party()
    return msgspec.structs.replace(party, name=party.name or account.name, email=party.email or email)
