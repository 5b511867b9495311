"""An error as one plain sentence, for the surfaces whose errors are nothing more."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


def sentence_of(error: PenstockError) -> str:
    """What is wrong, with the first invalid field by name. It says nothing about an error inside Penstock."""
    if error.kind is Kind.INTERNAL:
        return "Server error"
    if error.errors and error.errors[0].field:
        invalid = error.errors[0]
        return f"Invalid {invalid.field}: {invalid.detail[:1].lower()}{invalid.detail[1:]}"
    return error.detail[:1].upper() + error.detail[1:]
