"""Checks of sellers and buyers. Pure."""

from __future__ import annotations

import re

from penstock.core.invoices.countries import COUNTRIES
from penstock.core.invoices.models import Party
from penstock.kit.errors import InvalidInput

_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def check_party(party: Party) -> None:
    """Check the fields of a party that have a form. Empty ones are not known, and have none.

    Raises:
        InvalidInput.
    """
    if party.country and party.country not in COUNTRIES:
        raise InvalidInput.field("country", "must be a code of ISO 3166-1 with two letters, such as DE")
    if party.iban and not _is_iban(party.iban):
        raise InvalidInput.field("iban", "must be an IBAN without spaces, with a valid check sum")
    if party.bic and _BIC.fullmatch(party.bic) is None:
        raise InvalidInput.field("bic", "must be a BIC of 8 or 11 characters")
    if party.email and _EMAIL.fullmatch(party.email) is None:
        raise InvalidInput.field("email", "must be an e-mail address")


def _is_iban(text: str) -> bool:
    # ISO 13616: with the first four characters at the end and letters as numbers from 10 on, the remainder of 97 is 1.
    if _IBAN.fullmatch(text) is None:
        return False
    return int("".join(str(int(one, 36)) for one in text[4:] + text[:4])) % 97 == 1
