"""The words of documents in the languages that have a translation; every other locale has English words and its own formats."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec

FALLBACK = "en"
_TABLE = Path(__file__).parent / "wording.toml"


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of one language. Names in braces are replaced."""

    invoice: str
    credit_note: str
    number: str
    date: str
    customer_number: str
    your_vat_id: str
    period: str
    due: str
    description: str
    quantity: str
    price: str
    vat: str
    net: str
    consumption: str
    standing: str
    minimum: str
    correction: str
    tier: str
    meter: str
    serial: str
    reading: str
    estimated: str
    subtotal: str
    vat_sum: str
    total: str
    payable: str
    payable_at_once: str
    credited: str
    nothing_due: str
    account: str
    scan: str
    cancels: str
    reason: str
    notes: str
    note_estimated: str
    note_missing: str
    note_suspects: str
    page: str
    registration: str
    vat_id: str
    phone: str
    mail_subject: str
    mail_greeting: str
    mail_invoice: str
    mail_invoice_at_once: str
    mail_credit_note: str
    mail_regards: str
    why_edit: str
    why_late: str
    why_estimated: str
    why_replacement: str
    why_settings: str
    why_placement: str
    why_redecode: str
    why_cancelled: str


def sentences(template: str, **facts: str) -> str:
    """Sentences with their facts. A fact that ends with a full stop, such as an amount in "kr.", also ends its sentence."""
    for name, value in facts.items():
        if value.endswith("."):
            template = template.replace(f"{{{name}}}.", f"{{{name}}}")
    return template.format(**facts)


def language_of(locale: str) -> str:
    """The language of a locale's words: `de` for `de-AT`, English if there is no translation."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return language if language in _table() else FALLBACK


def words_of(locale: str) -> Words:
    """The words for a locale."""
    return _table()[language_of(locale)]


@cache
def _table() -> dict[str, Words]:
    return msgspec.convert(tomllib.loads(_TABLE.read_text("utf-8")), dict[str, Words])
