"""One sentence for each error: the field first, and nothing about errors inside Penstock."""

from __future__ import annotations

from penstock.api.shared.error_text import sentence_of
from penstock.kit.errors import InternalError, InvalidInput, Unavailable


def test_an_invalid_field_is_named() -> None:
    assert sentence_of(InvalidInput.field("limit", "Must be a number")) == "Invalid limit: must be a number"


def test_other_errors_are_their_own_sentence() -> None:
    error = Unavailable(reason="the disk is full")
    text = sentence_of(error)
    assert text[0].isupper()
    assert text.lower() == error.detail.lower()


def test_an_error_inside_says_nothing() -> None:
    assert sentence_of(InternalError()) == "Server error"
