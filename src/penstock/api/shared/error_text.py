"""An error as one plain sentence, for the surfaces whose errors are nothing more."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError

MAX_NAMED = 20
"""Invalid fields in one sentence."""


def sentence_of(error: PenstockError) -> str:
    """What is wrong, with every invalid field by name. It says nothing about an error inside Penstock."""
    if error.kind is Kind.INTERNAL:
        return "Server error"
    if error.errors and error.errors[0].field:
        return f"Invalid {fields_of(error)}"
    return error.detail[:1].upper() + error.detail[1:]


def fields_of(error: PenstockError) -> str:
    """Every invalid field and the requirement that it does not meet; the message of an error that names no field."""
    if not error.errors:
        return error.detail
    named = [
        f"{one.field}: {one.detail[:1].lower()}{one.detail[1:]}" if one.field else one.detail for one in error.errors[:MAX_NAMED]
    ]
    more = len(error.errors) - len(named)
    return "; ".join([*named, f"and {more} more"] if more else named)
