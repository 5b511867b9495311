"""An invoice as a person reads it: each value as text, in the language and with the formats of the invoice's locale."""

from __future__ import annotations

import re

from penstock.adapters.documents.formats import Formats
from penstock.adapters.documents.typesetting import Value
from penstock.adapters.documents.wording import Words, language_of, sentences, words_of
from penstock.core.invoices.models import Invoice, InvoiceKind, Line, LineKind, LineMeter, Party

CITY_FIRST = {"AU", "CA", "GB", "IE", "IN", "NZ", "US"}
"""Countries in whose addresses the postal code follows the city."""
LETTER = {"CA", "MX", "US"}
"""Countries that do not print on A4."""
SHORT_FOOTER = 160
"""A longer footer stands at the end of the document instead of on every page."""

_WHY = {
    "edit": "why_edit",
    "late readings": "why_late",
    "estimated values": "why_estimated",
    "replacement": "why_replacement",
    "registers": "why_settings",
    "profile": "why_settings",
    "placement": "why_placement",
    "redecode": "why_redecode",
}
"""The words for the reasons of a correction."""
_CANCELLED = re.compile(r"invoice (\S+) was cancelled")


class Sheet:
    """The texts of one invoice."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        self.words = words_of(invoice.locale)
        self.formats = Formats(invoice.locale, invoice.currency, invoice.timezone)

    @property
    def title(self) -> str:
        """What the document is, with its number."""
        return f"{self.kind} {self.invoice.number}"

    @property
    def kind(self) -> str:
        """What the document is."""
        return self.words.invoice if self.invoice.kind is InvoiceKind.INVOICE else self.words.credit_note

    @property
    def period(self) -> str:
        """The days of the invoice's period."""
        return self.formats.days(self.invoice.begin_us, self.invoice.end_us)

    def values(self) -> dict[str, Value]:
        """The values of the layout, except those of its drawings."""
        invoice, words = self.invoice, self.words
        seller = invoice.seller
        closing = len(seller.footer) > SHORT_FOOTER or seller.footer.count("\n") > 1
        return {
            "title": self.title,
            "author": seller.name,
            "language": language_of(invoice.locale),
            "page": words.page,
            "paper": "us-letter" if seller.country in LETTER else "a4",
            "words": {name: getattr(words, name) for name in Words.__struct_fields__},
            "sender": " · ".join(line for line in (seller.name, *seller.address, _place(seller)) if line),
            "seller": [seller.name, *self._address(seller)],
            "buyer": [invoice.buyer.name or invoice.account, *self._address(invoice.buyer)],
            "facts": self._facts(),
            "intro": self.intro,
            "lines": [self._line(line, before) for line, before in zip(invoice.lines, (None, *invoice.lines), strict=False)],
            "sums": self._sums(),
            "total": self.formats.money(invoice.gross),
            "payment": self.payment(),
            "account": self._account(),
            "notes": [*self.notes],
            "footer": self._footer(seller, with_text=not closing),
            "closing": seller.footer if closing else "",
        }

    def payment(self) -> str:
        """What the buyer has to do."""
        invoice, words = self.invoice, self.words
        if invoice.gross == 0:
            return words.nothing_due
        if invoice.gross < 0:
            return sentences(words.credited, total=self.formats.money(-invoice.gross))
        template = words.payable if invoice.due_on else words.payable_at_once
        return sentences(template, total=self.formats.money(invoice.gross), due=self.due, number=invoice.number)

    @property
    def due(self) -> str:
        """The day until which the invoice has to be paid, or nothing."""
        return self.formats.day(self.invoice.due_on) if self.invoice.due_on else ""

    def _facts(self) -> list[Value]:
        invoice, words = self.invoice, self.words
        facts = (
            (words.number, invoice.number),
            (words.date, self.formats.day(invoice.issued_on)),
            (words.customer_number, invoice.buyer.number),
            (words.your_vat_id, invoice.buyer.vat_id),
            (words.period, self.period),
            (words.due, self.due),
        )
        return [[name, value] for name, value in facts if value]

    @property
    def intro(self) -> str:
        """What a credit note cancels, and why."""
        invoice, words = self.invoice, self.words
        if invoice.cancels is None:
            return ""
        day = self.formats.day(invoice.cancels.issued_on)
        cancelled = sentences(words.cancels, number=invoice.cancels.number, date=day)
        return f"{cancelled} {words.reason.format(reason=invoice.reason)}" if invoice.reason else cancelled

    def _line(self, line: Line, before: Line | None) -> dict[str, Value]:
        formats = self.formats
        # The tiers of one price follow one another: what the meter showed is said once.
        repeated = before is not None and line.meter is not None and _read(before) == _read(line)
        return {
            "text": self.text_of(line),
            "details": [] if repeated else [*self.details_of(line)],
            "quantity": formats.amount(line.quantity, line.unit, self._places(line)),
            "price": formats.price(line.price),
            "vat": formats.percent(line.vat_rate),
            "net": formats.money(line.net),
        }

    def _places(self, line: Line) -> int:
        return line.meter.decimals if line.meter and line.meter.unit == line.unit else 0

    def text_of(self, line: Line) -> str:
        """The name of a line."""
        words = self.words
        if line.corrects is not None:
            corrected = line.corrects
            period = self.formats.days(corrected.begin_us, corrected.end_us)
            text = words.correction.format(number=corrected.number, period=period)
        else:
            text = line.text or self._kind_of(line.kind)
        return text if line.tier is None else f"{text}, {words.tier.format(tier=line.tier + 1)}"

    def details_of(self, line: Line) -> list[str]:
        """The details of a line: its days, why something is corrected, its meter, and what the meter showed."""
        found = []
        if line.corrects is not None:
            found += [line.text or self._kind_of(line.corrected or line.kind), self._why(line.reason)]
        elif (line.begin_us, line.end_us) != (self.invoice.begin_us, self.invoice.end_us):
            found.append(self.formats.days(line.begin_us, line.end_us))
        if line.meter is not None:
            found += self._meter(line, line.meter)
        return [detail for detail in found if detail]

    def _why(self, reasons: str) -> str:
        """The reasons of a correction in words."""
        found = dict.fromkeys(self._reason(one) for one in reasons.split(", ") if one)
        return self.words.reason.format(reason=", ".join(found)) if found else ""

    def _reason(self, reason: str) -> str:
        cancelled = _CANCELLED.fullmatch(reason)
        if cancelled:
            return self.words.why_cancelled.format(number=cancelled[1])
        return str(getattr(self.words, _WHY[reason])) if reason in _WHY else reason

    def _meter(self, line: Line, meter: LineMeter) -> list[str]:
        formats, words = self.formats, self.words
        ends = ((formats.date_of(line.begin_us), meter.first), (formats.last_day(line.end_us), meter.last))
        readings = [
            words.reading.format(date=formats.short_day(day), value=formats.amount(value, meter.unit, meter.decimals))
            for day, value in ends
            if value is not None
        ]
        estimated = words.estimated.format(amount=formats.amount(meter.estimated, meter.unit, meter.decimals))
        return [self._name_of(meter), " → ".join(readings), estimated if meter.estimated else ""]

    def _name_of(self, meter: LineMeter) -> str:
        serial = self.words.serial.format(serial=meter.serial) if meter.serial else ""
        register = meter.register if meter.register != meter.kind.value else ""  # a meter's only register says nothing new
        parts = (self.words.meter.format(name=meter.name), serial, f"EUI {meter.eui}" if meter.eui else "", register)
        return ", ".join(part for part in parts if part)

    def _kind_of(self, kind: LineKind) -> str:
        words = self.words
        names = {LineKind.USAGE: words.consumption, LineKind.STANDING: words.standing, LineKind.MINIMUM: words.minimum}
        return names.get(kind, words.consumption)

    def _sums(self) -> list[Value]:
        formats, words = self.formats, self.words
        sums: list[Value] = [[words.subtotal, formats.money(self.invoice.net)]]
        for one in self.invoice.vat:
            name = words.vat_sum.format(rate=formats.percent(one.rate), net=formats.money(one.net))
            sums.append([name, formats.money(one.vat)])
        return sums

    def _account(self) -> list[Value]:
        seller = self.invoice.seller
        if self.invoice.gross <= 0 or not seller.iban:
            return []
        facts = ((self.words.account, seller.name), ("IBAN", grouped(seller.iban)), ("BIC", seller.bic))
        return [[name, value] for name, value in facts if value]

    @property
    def notes(self) -> list[str]:
        """What a reader has to know about the consumption."""
        notes, words = self.invoice.notes, self.words
        found = []
        if notes.estimated:
            found.append(sentences(words.note_estimated, names=", ".join(notes.estimated)))
        if notes.missing:
            found.append(sentences(words.note_missing, names=", ".join(notes.missing)))
        if notes.suspects:
            found.append(words.note_suspects.format(count=notes.suspects))
        return found

    def _address(self, party: Party) -> list[Value]:
        foreign = party.country if self.invoice.seller.country not in ("", party.country) else ""
        return [line for line in (*party.address, _place(party), self.formats.country(foreign)) if line]

    def _footer(self, seller: Party, *, with_text: bool) -> list[Value]:
        words = self.words
        return [
            [seller.name, *seller.address, _place(seller)],
            [
                f"{words.phone}: {seller.phone}" if seller.phone else "",
                seller.email,
                f"{words.vat_id}: {seller.vat_id}" if seller.vat_id else "",
                f"{words.registration}: {seller.registration}" if seller.registration else "",
            ],
            [
                f"IBAN {grouped(seller.iban)}" if seller.iban else "",
                f"BIC {seller.bic}" if seller.bic else "",
                seller.footer if with_text else "",
            ],
        ]


def _read(line: Line) -> object:
    return line.meter, line.begin_us, line.end_us, line.corrects


def grouped(iban: str) -> str:
    """An IBAN in groups of four, as people write it."""
    compact = iban.replace(" ", "")
    return " ".join(compact[at : at + 4] for at in range(0, len(compact), 4))


def _place(party: Party) -> str:
    parts = (party.city, party.postal_code) if party.country in CITY_FIRST else (party.postal_code, party.city)
    return " ".join(part for part in parts if part)
