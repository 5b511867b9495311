"""Drafts: the lines of an account's invoice, computed from its usage and the prices of the time.

The facts are read in one transaction, the usage after it, because that takes longer. What changes in between is noted as a change
of consumption or a late reading, and corrected in the next invoice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from penstock.core.invoices.corrections import corrections_in, corrections_of
from penstock.core.invoices.errors import CurrenciesDiffer, NoTariff, PeriodBilled, PeriodMismatch, PeriodNotEnded, ValuesSuspect
from penstock.core.invoices.models import Applied, Invoice, Line, Notes, Party
from penstock.core.invoices.periods import Calendar, Period, parse_period, start_us
from penstock.core.invoices.pricing import PricedUsage, charged_days, lines_of
from penstock.core.invoices.runs import BilledPeriod
from penstock.core.invoices.setup import Invoicing
from penstock.core.invoices.store import InvoiceTransaction
from penstock.core.meters.models import Quality
from penstock.core.meters.usage import AccountKey, MeterUsage, UsageReader
from penstock.core.tariffs.accounts import Account
from penstock.core.tariffs.currencies import places_of
from penstock.core.tariffs.models import Assignment, Tariff
from penstock.core.tariffs.timeline import PricedDays, timeline_of
from penstock.core.telemetry.buckets import parse_zone
from penstock.kit.clock import DAY_US, HOUR_US, format_time
from penstock.kit.ids import InvoiceId, OrgId, TariffId

MAX_RECHECKED = 36
"""How many earlier invoices one invoice corrects; the others follow in the next one."""
MOST_SHIFTED_US = 26 * HOUR_US
"""The same day begins this much earlier in the easternmost time zone than in the westernmost."""
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
    def key(self) -> AccountKey:
        """The account as its usage is read."""
        return self.account.customer.id, self.account.resident_id

    @property
    def zone(self) -> ZoneInfo:
        """The customer's time zone."""
        return parse_zone(self.account.customer.timezone)

    @property
    def calendar(self) -> Calendar:
        """The days of the period."""
        return Calendar(self.zone, self.period, self.begin_us, self.end_us)

    @property
    def is_invoiced(self) -> bool:
        """Whether exactly this period was billed."""
        return any(is_same(one.begin_us, self.begin_us) and is_same(one.end_us, self.end_us) for one in self.billed)


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
    usual = start_us(period.begin, zone), start_us(period.end, zone)
    near = await tx.invoices.billed(customer.id, resident_id, usual[0] - MOST_SHIFTED_US, usual[1] + MOST_SHIFTED_US)
    begin_us, end_us = bounds_of(usual, near)
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
        billed=[one for one in near if one.begin_us < end_us and one.end_us > begin_us],
        marked=[
            Marked(invoice=one, reason=reason, corrected=corrections_in(await tx.invoices.correcting(one.id), one.id))
            for one, reason in await tx.rechecks.marked(customer.id, resident_id, MAX_RECHECKED)
        ],
        is_released=held is not None and held.released_us is not None,
        kept_from_us=issuer.kept_from_us,
        seller=issuer.seller,
        buyer=_buyer(account, await tx.invoicing.party(customer.id, resident_id)),
    )


def bounds_of(usual: tuple[int, int], near: Sequence[BilledPeriod]) -> tuple[int, int]:
    """A period's begin and end: it follows those that were billed, also if the customer's time zone was another one then."""
    before = [one.end_us for one in near if is_same(one.end_us, usual[0])]
    after = [one.begin_us for one in near if is_same(one.begin_us, usual[1])]
    return max(before, default=usual[0]), min(after, default=usual[1])


def is_same(one_us: int, other_us: int) -> bool:
    """Whether two times are the start of the same day, in one time zone or in two."""
    return abs(one_us - other_us) <= MOST_SHIFTED_US


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


class _Range(msgspec.Struct, frozen=True):
    """Days for which the usage of an account is needed."""

    begin_us: int
    end_us: int
    timezone: str


Usages: TypeAlias = Mapping[tuple[AccountKey, _Range], Sequence[MeterUsage]]
"""What accounts used, as far as some drafts depend on it."""


class Drafter:
    """Computes drafts."""

    def __init__(self, usage: UsageReader) -> None:
        self._usage = usage

    async def draft(self, org_id: OrgId, facts: Facts) -> Draft:
        """The draft of an account.

        Raises:
            NoTariff, CurrenciesDiffer.
        """
        return draft_of(facts, await self.read(org_id, [facts]))

    async def read(self, org_id: OrgId, facts: Sequence[Facts]) -> Usages:
        """Read the usage of accounts that have prices. Many are read at once, because most have one meter.

        Raises:
            NoTariff, CurrenciesDiffer.
        """
        accounts: dict[_Range, dict[AccountKey, None]] = defaultdict(dict)
        for one in facts:
            for each in _ranges_of(one):
                accounts[each][one.key] = None
        found: dict[tuple[AccountKey, _Range], Sequence[MeterUsage]] = {}
        for each, keys in accounts.items():
            read = await self._usage.of_accounts(org_id, list(keys), each.begin_us, each.end_us, each.timezone)
            found |= {(key, each): usages for key, usages in zip(keys, read, strict=True)}
        return found


def draft_of(facts: Facts, read: Usages) -> Draft:
    """The draft of an account whose usage was read.

    Raises:
        NoTariff, CurrenciesDiffer.
    """
    parts = priced_days(facts)
    currency = parts[0].tariff.currency
    used = [_priced(facts, _applied(facts, part), facts.calendar, read) for part in parts]
    usages = [usage for one in used for usage in one.usages]
    corrections, settled = _corrections(facts, currency, read)
    lines = [line for one in used for line in lines_of(one, facts.calendar, places_of(currency))]
    return Draft(
        facts=facts,
        currency=currency,
        lines=(*lines, *corrections),
        applied=tuple(one.applied for one in used),
        notes=_notes_of(usages),
        settled=tuple(settled),
        is_unsettled=any(_is_unsettled(one) for one in usages),
    )


def _ranges_of(facts: Facts) -> Iterator[_Range]:
    """The days of the period by their prices, and those of the invoices to compare again."""
    parts = priced_days(facts)
    for part in parts:
        yield _range_of(_applied(facts, part), facts.calendar)
    for marked in facts.marked:
        if _is_comparable(marked.invoice, facts, parts[0].tariff.currency):
            yield from (_range_of(applied, _calendar_of(marked.invoice)) for applied in marked.invoice.applied)


def _range_of(applied: Applied, calendar: Calendar) -> _Range:
    return _Range(applied.begin_us, applied.end_us, calendar.zone.key)


def _calendar_of(invoice: Invoice) -> Calendar:
    """The days of an invoice are those of its own time zone, whatever the customer's is now."""
    return Calendar(parse_zone(invoice.timezone), parse_period(invoice.period), invoice.begin_us, invoice.end_us)


def _is_comparable(invoice: Invoice, facts: Facts, currency: str) -> bool:
    """Not without its readings, or in another currency: an invoice has only one."""
    return invoice.begin_us >= facts.kept_from_us and invoice.currency == currency


def _applied(facts: Facts, part: PricedDays) -> Applied:
    return Applied(
        begin_us=facts.calendar.start_us(part.begin),
        end_us=facts.calendar.start_us(part.end),
        tariff_id=part.tariff.id,
        tariff=part.tariff.name,
        prices=part.prices,
    )


def _priced(facts: Facts, applied: Applied, calendar: Calendar, read: Usages) -> PricedUsage:
    usages = read[facts.key, _range_of(applied, calendar)]
    return PricedUsage(applied=applied, usages=usages, days=charged_days(usages, calendar))


def _corrections(facts: Facts, currency: str, read: Usages) -> tuple[list[Line], list[InvoiceId]]:
    """The corrections of earlier invoices, and those of them that need not be compared again."""
    lines: list[Line] = []
    settled: list[InvoiceId] = []
    places = places_of(currency)
    for marked in facts.marked:
        invoice = marked.invoice
        if invoice.begin_us < facts.kept_from_us:
            settled.append(invoice.id)
        if not _is_comparable(invoice, facts, currency):
            continue
        calendar = _calendar_of(invoice)
        used = [_priced(facts, applied, calendar, read) for applied in invoice.applied]
        now = [line for one in used for line in lines_of(one, calendar, places)]
        lines += corrections_of(invoice, marked.corrected, now, marked.reason, places)
        is_old = invoice.end_us < facts.end_us - UNSETTLED_US
        if is_old or not any(_is_unsettled(usage) for one in used for usage in one.usages):
            settled.append(invoice.id)
    return lines, settled


def priced_days(facts: Facts) -> list[PricedDays]:
    """The days of the period by their prices.

    Raises:
        NoTariff, CurrenciesDiffer.
    """
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
