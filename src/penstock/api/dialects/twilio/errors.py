"""Errors in Twilio's format: `{"code", "message", "more_info", "status"}`.

Source: Twilio's error and warning dictionary. A code that Twilio's packages know stands for each kind of error.
"""

from __future__ import annotations

from msgspec import Struct

from penstock.api.shared.error_text import fields_of
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.http import status_of

_FIELDS = {"To": 21211, "From": 21212, "Body": 21617}
_CODES = {
    "auth.scope_missing": 20403,
    "inboxes.address_not_found": 21606,
    "inboxes.address_released": 21606,
    "inboxes.too_many_queued": 21611,
    "twilio.number_not_owned": 21606,
    "twilio.field_missing": 20001,
}
_MISSING = {"To": 21604, "From": 21603, "Body": 21602}
_KINDS = {
    Kind.INVALID: 20001,
    Kind.UNAUTHENTICATED: 20003,
    Kind.FORBIDDEN: 20003,
    Kind.NOT_FOUND: 20404,
    Kind.EXHAUSTED: 20429,
    Kind.UNAVAILABLE: 20503,
    Kind.INTERNAL: 20500,
}


class NumberNotOwned(PenstockError):
    """The number in `From` is none from which the caller can send."""

    kind, code = Kind.INVALID, "twilio.number_not_owned"
    message = "the From phone number {number} is not one that you can send from"


class AccountNotFound(PenstockError):
    """The account in the path is not that of the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "twilio.account_not_found"
    message = "the account {account_sid} was not found; your organisation is the account {own}"


class FieldMissing(PenstockError):
    """A required field of the form is missing."""

    kind, code = Kind.INVALID, "twilio.field_missing"
    message = "a '{name}' is required"


class Problem(Struct, frozen=True):
    """Why a call was rejected."""

    code: int
    message: str
    more_info: str
    status: int


def error_body(error: PenstockError, request_id: str) -> Problem:
    """An error in the vendor's format. The request id goes into a header."""
    code = _code_of(error)
    message = fields_of(error)
    if not (error.errors and error.errors[0].field):  # the name of a field stays as it is
        message = message[:1].upper() + message[1:]
    return Problem(code, message, f"https://www.twilio.com/docs/errors/{code}", status_of(error))


def _code_of(error: PenstockError) -> int:
    if isinstance(error, FieldMissing):
        return _MISSING.get(error.facts["name"], 20001)
    if error.errors and error.errors[0].field in _FIELDS:
        return _FIELDS[error.errors[0].field]
    return _CODES.get(error.code) or _KINDS.get(error.kind, 20001)
