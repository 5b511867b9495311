"""Converts invoices between wire structs and core models."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.api.v2.invoices import wire
from penstock.core.invoices import models, runs
from penstock.core.invoices.periods import Length
from penstock.core.invoices.setup import InvoiceTarget, Invoicing, Schedule
from penstock.core.tariffs.amounts import text_of
from penstock.kit.clock import format_time, format_time_or_none
from penstock.kit.ids import Prefix, ResidentId, encode


def to_core_party(body: wire.PartyWrite) -> models.Party:
    fields = msgspec.structs.asdict(body)
    return models.Party(**(fields | {"address": tuple(body.address)}))


def from_core_party(party: models.Party) -> wire.Party:
    fields = msgspec.structs.asdict(party)
    return wire.Party(**(fields | {"address": list(party.address)}))


def to_core_invoicing(body: wire.InvoicingWrite) -> Invoicing:
    fields = msgspec.structs.asdict(body)
    return Invoicing(**(fields | {"target": InvoiceTarget(body.target), "period": Length(body.period)}))


def from_core_invoicing(settings: Invoicing, schedule: Schedule | None) -> wire.Invoicing:
    return wire.Invoicing(
        target=settings.target.value,
        period=settings.period.value,
        due_days=settings.due_days,
        number_prefix=settings.number_prefix,
        locale=settings.locale,
        auto_close=settings.auto_close,
        close_after_days=settings.close_after_days,
        hold_if_suspect=settings.hold_if_suspect,
        send_by_mail=settings.send_by_mail,
        next_period=None if schedule is None else schedule.period,
        next_close_at=None if schedule is None else format_time(schedule.due_us),
    )


def from_core_summary(issued: models.IssuedInvoice) -> wire.InvoiceSummary:
    return wire.InvoiceSummary(**_account(issued.invoice), **_summary(issued))


def from_core_invoice(issued: models.IssuedInvoice) -> wire.Invoice:
    return wire.Invoice(**_account(issued.invoice), **_summary(issued), **_content(issued.invoice))


def from_core_preview(invoice: models.Invoice) -> wire.Preview:
    return wire.Preview(**_account(invoice), **_content(invoice))


def from_core_run(run: runs.InvoiceRun) -> wire.Run:
    return wire.Run(
        id=encode(Prefix.INVOICE_RUN, run.id),
        period=run.period,
        customer_ids=None if run.customers is None else [encode(Prefix.CUSTOMER, one) for one in run.customers],
        automatic=run.automatic,
        state=run.state.value,
        total=run.total,
        issued=run.issued,
        failed=run.failed,
        skipped=run.skipped,
        problems=[
            wire.Problem(
                customer_id=encode(Prefix.CUSTOMER, one.customer_id),
                resident_id=_resident(one.resident_id),
                code=one.code,
                detail=one.detail,
            )
            for one in run.problems
        ],
        created_at=format_time(run.created_us),
        created_by=run.created_by,
        finished_at=format_time_or_none(run.finished_us),
    )


def from_core_hold(hold: runs.Hold) -> wire.Hold:
    return wire.Hold(
        id=encode(Prefix.INVOICE_HOLD, hold.id),
        state="held" if hold.released_us is None else "released",
        customer_id=encode(Prefix.CUSTOMER, hold.customer_id),
        resident_id=_resident(hold.resident_id),
        period=hold.period,
        code=hold.code,
        reason=hold.reason,
        created_at=format_time(hold.created_us),
        released_at=format_time_or_none(hold.released_us),
        released_by=hold.released_by,
    )


def _account(invoice: models.Invoice) -> dict[str, Any]:
    return {
        "customer_id": encode(Prefix.CUSTOMER, invoice.customer_id),
        "customer": invoice.customer,
        "resident_id": _resident(invoice.resident_id),
        "account": invoice.account,
        "period": invoice.period,
        "from_": format_time(invoice.begin_us),
        "to": format_time(invoice.end_us),
        "timezone": invoice.timezone,
        "currency": invoice.currency,
        "net": text_of(invoice.net),
        "vat": text_of(invoice.vat_total),
        "gross": text_of(invoice.gross),
    }


def _summary(issued: models.IssuedInvoice) -> dict[str, Any]:
    invoice = issued.invoice
    return {
        "id": encode(Prefix.INVOICE, invoice.id),
        "number": invoice.number,
        "kind": invoice.kind.value,
        "state": issued.state.value,
        "issued_at": format_time(invoice.issued_us),
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": None if invoice.due_on is None else invoice.due_on.isoformat(),
        "paid_at": format_time_or_none(issued.paid_us),
        "note": issued.paid_note,
        "cancelled_at": format_time_or_none(issued.cancelled_us),
        "cancelled_by": None if issued.cancelled_by is None else encode(Prefix.INVOICE, issued.cancelled_by),
        "cancels": _reference(invoice.cancels),
        "reason": invoice.reason,
    }


def _content(invoice: models.Invoice) -> dict[str, Any]:
    return {
        "locale": invoice.locale,
        "seller": from_core_party(invoice.seller),
        "buyer": from_core_party(invoice.buyer),
        "lines": [_line(one) for one in invoice.lines],
        "vat_sums": [wire.VatSum(rate=text_of(one.rate), net=text_of(one.net), vat=text_of(one.vat)) for one in invoice.vat],
        "notes": wire.Notes(
            estimated=list(invoice.notes.estimated), missing=list(invoice.notes.missing), suspects=invoice.notes.suspects
        ),
    }


def _line(line: models.Line) -> wire.Line:
    return wire.Line(
        kind=line.kind.value,
        text=line.text,
        from_=format_time(line.begin_us),
        to=format_time(line.end_us),
        quantity=text_of(line.quantity),
        unit=line.unit,
        price=text_of(line.price),
        net=text_of(line.net),
        vat_rate=text_of(line.vat_rate),
        tier=None if line.tier is None else line.tier + 1,
        meter=None if line.meter is None else _meter(line.meter),
        corrects=_reference(line.corrects),
        corrected=None if line.corrected is None else line.corrected.value,
        reason=line.reason,
    )


def _meter(meter: models.LineMeter) -> wire.LineMeter:
    return wire.LineMeter(
        device_id=encode(Prefix.DEVICE, meter.device_id),
        name=meter.name,
        eui=meter.eui,
        serial=meter.serial,
        register=meter.register,
        kind=meter.kind.value,
        unit=meter.unit,
        first=None if meter.first is None else text_of(meter.first),
        last=None if meter.last is None else text_of(meter.last),
        estimated=text_of(meter.estimated),
        quality=meter.quality.value,
    )


def _reference(found: models.Reference | None) -> wire.Reference | None:
    if found is None:
        return None
    return wire.Reference(
        id=encode(Prefix.INVOICE, found.id),
        number=found.number,
        issued_on=found.issued_on.isoformat(),
        period=found.period,
    )


def _resident(resident_id: ResidentId | None) -> str | None:
    return None if resident_id is None else encode(Prefix.RESIDENT, resident_id)
